/// Text to ids.
extension Tokenizer {
    /// The pieces of `text`.
    ///
    /// - Parameters:
    ///   - addingSpecialTokens: whether the post-processor puts its tokens around the text.
    ///   - recognizingSpecialTokens: whether the spelling of a special token in the text, such as `</s>`, is that token, as in the
    ///     reference; otherwise it is text like any other, which is right for text from people.
    /// - Complexity: O(n log n) in the length of the longest segment, else linear in the text.
    public func encode(
        _ text: String, addingSpecialTokens: Bool = true, recognizingSpecialTokens: Bool = true
    ) -> Encoding {
        encode(
            batch: [EncodingInput(text)], addingSpecialTokens: addingSpecialTokens,
            recognizingSpecialTokens: recognizingSpecialTokens)[0]
    }

    /// The pieces of `text` and of its `pair`.
    public func encode(
        _ text: String, pair: String, addingSpecialTokens: Bool = true, recognizingSpecialTokens: Bool = true
    ) -> Encoding {
        encode(
            batch: [EncodingInput(text, pair: pair)], addingSpecialTokens: addingSpecialTokens,
            recognizingSpecialTokens: recognizingSpecialTokens)[0]
    }

    /// The pieces of each text of a batch, padded together if the tokenizer pads.
    public func encode(
        batch: [EncodingInput], addingSpecialTokens: Bool = true, recognizingSpecialTokens: Bool = true
    ) -> [Encoding] {
        encode(
            batch, addingSpecialTokens, recognizingSpecialTokens,
            byStretches: recognizingSpecialTokens && encodesByStretches)
    }

    /// The pieces of `text`, which goes through every stage at once; `encode` gives the same.
    package func encodeWhole(_ text: String) -> Encoding {
        encode([EncodingInput(text)], true, true, byStretches: false)[0]
    }

    private func encode(
        _ batch: [EncodingInput], _ addingSpecialTokens: Bool, _ recognizingSpecialTokens: Bool, byStretches: Bool
    ) -> [Encoding] {
        let cut = { (segment: [UInt8]) in cache.subwords(of: segment, compute: model.subwords) }
        let sequences = batch.map { input in
            let parts = [input.text, input.pair].compactMap { $0 }.enumerated().map { index, text in
                let origin: Token.Origin = index == 0 ? .text : .pair
                return TokenSequence(
                    (byStretches ? stretchTokens(of: text, origin: origin) : nil)
                        ?? tokens(
                            of: text, origin: origin, recognizingSpecialTokens: recognizingSpecialTokens, cut: cut))
            }
            return processed(parts, addingSpecialTokens: addingSpecialTokens)
        }
        return zip(batch, padding?.apply(sequences) ?? sequences).map { input, tokens in
            Encoding(tokens, piece: { piece(of: $0) ?? "" }, words: TextWords(input.text), isSpecial: isSpecial)
        }
    }

    /// The ids of `text`, without special tokens around it or in it, cut at random: every merge of byte-pair encoding is passed over with
    /// the probability `dropout` whenever it is next. A model that learns from many cuts of the same words is better at words
    /// that it has not seen. Models that do not merge cut as ever.
    ///
    /// Source: Provilkov, Emelianenko and Voita, BPE-Dropout: Simple and Effective Subword Regularization (2020), section 3.
    public func encode(
        _ text: String, dropout: Float, using generator: inout some RandomNumberGenerator
    ) -> [Int] {
        tokens(of: text, origin: .text, recognizingSpecialTokens: false) { segment in
            model.subwords(of: segment) { Float.random(in: 0..<1, using: &generator) < dropout }
        }.map { Int($0.id) }
    }

    /// The text and its pair cut to length, with special tokens, as one.
    private func processed(_ texts: [TokenSequence], addingSpecialTokens: Bool) -> TokenSequence {
        var parts = texts
        if let truncation {
            let added = addingSpecialTokens ? postProcessor?.addedCount(isPair: parts.count > 1) ?? 0 : 0
            parts = truncation.apply(parts, length: max(0, truncation.maximumLength - added))
        }
        if let postProcessor { parts = postProcessor.process(parts, addingSpecialTokens: addingSpecialTokens) }
        return parts.dropFirst().reduce(parts.first ?? TokenSequence([])) { $0.followed(by: $1) }
    }

    // MARK: One text

    /// The tokens of text, each segment cut by `cut`.
    private func tokens(
        of text: String, origin: Token.Origin, recognizingSpecialTokens: Bool, cut: ([UInt8]) -> [Subword]
    ) -> [Token] {
        let (first, second) =
            recognizingSpecialTokens ? (matcher, normalizedMatcher) : (plainMatcher, plainNormalizedMatcher)
        let cut = recognizingSpecialTokens ? cut : { segment in plainSubwords(of: segment, cut) }
        var tokens = TextTokens(origin: origin)
        let original = AlignedText(text)
        for span in first.spans(of: original) {
            switch span {
            case .token(let token, let range): tokens.append(token, original[range])
            case .text(let range):
                let text = range.count == original.count ? original : Array(original[range])
                appendTokens(of: normalizer?.normalize(text) ?? text, second, cut, &tokens)
            }
        }
        return tokens.tokens
    }

    /// The tokens of normalised text.
    func appendTokens(
        of text: AlignedText, _ matcher: AddedTokenMatcher, _ cut: ([UInt8]) -> [Subword], _ tokens: inout TextTokens
    ) {
        for span in matcher.spans(of: text) {
            switch span {
            case .token(let token, let range): tokens.append(token, text[range])
            case .text(let range):
                let segment = Segment(text[range])
                for part in preTokenizer?.split(segment) ?? [segment] {
                    tokens.append(cut(part.text.utf8), of: part.text)
                }
            }
        }
    }

    /// The pieces of a segment; where a special token's own piece would come out, those of its characters.
    private func plainSubwords(of segment: [UInt8], _ cut: ([UInt8]) -> [Subword]) -> [Subword] {
        let subwords = cut(segment)
        let isPlain = subwords.allSatisfy { subword in
            guard isSpecial(Int(subword.id)), let piece = model.vocabulary.bytes(of: Int(subword.id)) else {
                return true
            }
            return !segment.dropFirst(Int(subword.start)).starts(with: piece)
        }
        if isPlain { return subwords }
        var result: [Subword] = []
        var start = 0
        while start < segment.count {
            var end = start + 1
            while end < segment.count, UTF8.isContinuation(segment[end]) { end += 1 }
            result += cut(Array(segment[start..<end])).map { $0.moved(by: start) }
            start = end
        }
        return result
    }
}

/// A text to be encoded, alone or with its pair: a question and its context, two sentences to be compared.
public struct EncodingInput: Sendable, Equatable {
    public let text: String
    public let pair: String?

    public init(_ text: String, pair: String? = nil) {
        self.text = text
        self.pair = pair
    }
}
