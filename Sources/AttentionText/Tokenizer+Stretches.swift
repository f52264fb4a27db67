/// The short cut through stretches of text that were seen before.
extension Tokenizer {
    /// The ids of `text` alone, as `encode` gives them for a text that is neither cut to length nor filled up.
    ///
    /// - Parameter addingSpecialTokens: whether the post-processor puts its tokens around the text.
    /// - Complexity: that of `encode`; for words that were seen before, little more than reading them takes.
    public func ids(of text: String, addingSpecialTokens: Bool = true) -> [Int32] {
        var ids: [Int32] = []
        ids.reserveCapacity(text.utf8.count / 3 + 4)
        if addingSpecialTokens, let frame { ids.append(contentsOf: frame.before.lazy.map(\.id)) }
        let isFramed = frame != nil || !addingSpecialTokens
        let isDone =
            isFramed
            && stretches?.forEachStretch(of: text, encode: tokens) { ids.append(contentsOf: $0.ids) } ?? false
        guard isDone else {
            let unlimited = limited(truncation: nil, padding: nil)
            return unlimited.encode(text, addingSpecialTokens: addingSpecialTokens).ids.map(
                Int32.init(truncatingIfNeeded:))
        }
        if addingSpecialTokens, let frame { ids.append(contentsOf: frame.after.lazy.map(\.id)) }
        return ids
    }

    /// Whether most texts are encoded stretch by stretch.
    package var encodesByStretches: Bool { stretches != nil }

    /// The tokens of `text`, if it can be encoded stretch by stretch, with room for a few around them.
    ///
    /// - Parameter recognizingSpecialTokens: whether a special token may come out; if not, and one does, stretches will not do.
    func stretchTokens(
        of text: String, origin: Token.Origin, _ recognizingSpecialTokens: Bool
    ) -> TextTokens? {
        guard let stretches else { return nil }
        var tokens = TextTokens(origin: origin)
        tokens.tokens.reserveCapacity(text.utf8.count / 3 + 4)
        var position: Int32 = 0
        let isDone = stretches.forEachStretch(of: text, encode: self.tokens) { stretch in
            tokens.append(stretch, at: position)
            position += stretch.scalarCount
        }
        guard isDone, recognizingSpecialTokens || !tokens.tokens.contains(where: { isSpecial(Int($0.id)) }) else {
            return nil
        }
        return tokens
    }

    /// The tokens of a stretch, as the stages make them.
    private func tokens(of stretch: AlignedText, _ normalizer: (any Normalizer)?) -> TextTokens {
        var tokens = TextTokens(origin: .text)
        let normalized = normalizer?.normalize(stretch) ?? stretch
        appendTokens(of: normalized, normalizedMatcher, model.subwords, &tokens)
        return tokens
    }
}
