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
        if padding == nil, let encoding = framed(text, addingSpecialTokens, recognizingSpecialTokens) {
            return encoding
        }
        return encode([EncodingInput(text)], addingSpecialTokens, recognizingSpecialTokens, byStretches: true)[0]
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
        guard padding == nil, batch.allSatisfy({ $0.pair == nil }) else {
            return encode(batch, addingSpecialTokens, recognizingSpecialTokens, byStretches: true)
        }
        return batch.map {
            encode(
                $0.text, addingSpecialTokens: addingSpecialTokens, recognizingSpecialTokens: recognizingSpecialTokens)
        }
    }

    /// The pieces of `text`, which goes through every stage at once; `encode` gives the same.
    package func encodeWhole(_ text: String) -> Encoding {
        encode([EncodingInput(text)], true, true, byStretches: false)[0]
    }

    private func encode(
        _ batch: [EncodingInput], _ addingSpecialTokens: Bool, _ recognizingSpecialTokens: Bool, byStretches: Bool
    ) -> [Encoding] {
        let cut = { (segment: [UInt8]) in cache.subwords(of: segment, compute: model.subwords) }
        let texts = batch.map { input in
            [input.text, input.pair].compactMap { $0 }.enumerated().map { index, text in
                let origin: Token.Origin = index == 0 ? .text : .pair
                return (byStretches ? stretchTokens(of: text, origin: origin, recognizingSpecialTokens) : nil)
                    ?? tokens(of: text, origin: origin, recognizingSpecialTokens: recognizingSpecialTokens, cut: cut)
            }
        }
        let sequences = texts.map { parts in
            processed(parts.map { TokenSequence($0.tokens) }, addingSpecialTokens: addingSpecialTokens)
        }
        return (padding?.apply(sequences) ?? sequences).enumerated().map { index, sequence in
            let parts = texts[index]
            return Encoding(
                sequence,
                origin(of: batch[index].text, parts[0].spellings, pair: parts.count > 1 ? parts[1].spellings : []))
        }
    }

    private func origin(of text: String, _ spellings: [String], pair: [String] = []) -> EncodedText.Origin {
        EncodedText.Origin(text: text, spellings: (spellings, pair), padding: padding?.piece, pieces: pieces)
    }

    /// The pieces of a text whose stretches need no more than a frame, and which is not too long.
    private func framed(_ text: String, _ addingSpecialTokens: Bool, _ recognizingSpecialTokens: Bool) -> Encoding? {
        guard let frame, var made = stretchTokens(of: text, origin: .text, recognizingSpecialTokens) else { return nil }
        let addedCount = addingSpecialTokens ? frame.before.count + frame.after.count : 0
        if let truncation, made.tokens.count + addedCount > truncation.maximumLength { return nil }
        if let trimming = frame.trimming { made.tokens.trimOffsets(addsPrefixSpace: trimming) }
        if frame.typeID != 0 { made.tokens.setType(Int(frame.typeID)) }
        if addingSpecialTokens {
            made.tokens.insert(contentsOf: frame.before, at: 0)
            made.tokens.append(contentsOf: frame.after)
        }
        return Encoding(TokenSequence(made.tokens), origin(of: text, made.spellings))
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
        }.tokens.map { Int($0.id) }
    }

    /// The text and its pair cut to length, with special tokens, as one.
    private func processed(_ texts: [TokenSequence], addingSpecialTokens: Bool) -> TokenSequence {
        var parts = texts
        if let truncation {
            let added = addingSpecialTokens ? postProcessor?.addedCount(isPair: parts.count > 1) ?? 0 : 0
            parts = truncation.apply(parts, length: max(0, truncation.maximumLength - added))
        }
        if let postProcessor { parts = postProcessor.process(parts, addingSpecialTokens: addingSpecialTokens) }
        guard var whole = parts.first else { return TokenSequence([]) }
        for part in parts.dropFirst() { whole.append(part) }
        return whole
    }

    // MARK: One text

    /// The tokens of text, each segment cut by `cut`.
    private func tokens(
        of text: String, origin: Token.Origin, recognizingSpecialTokens: Bool, cut: ([UInt8]) -> [Subword]
    ) -> TextTokens {
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
        return tokens
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
