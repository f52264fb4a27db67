/// The short cut through stretches of text that were seen before.
extension Tokenizer {
    /// The ids of `text` alone, as `encode` gives them for a text that is neither cut to length nor filled up.
    ///
    /// - Parameter addingSpecialTokens: whether the post-processor puts its tokens around the text.
    /// - Complexity: that of `encode`; for words that were seen before, little more than reading them takes.
    public func ids(of text: String, addingSpecialTokens: Bool = true) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(text.utf8.count / 3 + 4)
        if addingSpecialTokens { ids += surrounding.before }
        let isDone = stretches?.forEachStretch(of: text, encode: tokens) { ids.append(contentsOf: $0.ids) } ?? false
        if !isDone {
            let unlimited = limited(truncation: nil, padding: nil)
            ids += unlimited.encode(text, addingSpecialTokens: false).ids.map(Int32.init(truncatingIfNeeded:))
        }
        return addingSpecialTokens ? ids + surrounding.after : ids
    }

    /// Whether most texts are encoded stretch by stretch.
    package var encodesByStretches: Bool { stretches != nil }

    /// The tokens of `text`, if it can be encoded stretch by stretch.
    func stretchTokens(of text: String, origin: Token.Origin) -> [Token]? {
        guard let stretches else { return nil }
        var tokens: [Token] = []
        tokens.reserveCapacity(text.utf8.count / 3)
        var (scalarCount, segmentCount): (Int32, Int32) = (0, 0)
        let isDone = stretches.forEachStretch(of: text, encode: self.tokens) { stretch in
            for token in stretch.tokens {
                tokens.append(token.moved(by: scalarCount, words: segmentCount, from: origin))
            }
            scalarCount += stretch.scalarCount
            segmentCount += stretch.segmentCount
        }
        return isDone ? tokens : nil
    }

    /// The tokens of a stretch, as the stages make them.
    private func tokens(
        of stretch: AlignedText, _ normalizer: (any Normalizer)?
    ) -> (tokens: [Token], segmentCount: Int) {
        var tokens = TextTokens(origin: .text)
        let normalized = normalizer?.normalize(stretch) ?? stretch
        appendTokens(of: normalized, normalizedMatcher, model.subwords, &tokens)
        return (tokens.tokens, tokens.segmentCount)
    }
}
