/// Text to ids.
extension Tokenizer {
    /// The pieces of `text`.
    ///
    /// - Parameter addingSpecialTokens: whether the post-processor puts its tokens around the text.
    /// - Complexity: O(n log n) in the length of the longest segment, else linear in the text.
    public func encode(_ text: String, addingSpecialTokens: Bool = true) -> Encoding {
        encode(batch: [EncodingInput(text)], addingSpecialTokens: addingSpecialTokens)[0]
    }

    /// The pieces of `text` and of its `pair`.
    public func encode(_ text: String, pair: String, addingSpecialTokens: Bool = true) -> Encoding {
        encode(batch: [EncodingInput(text, pair: pair)], addingSpecialTokens: addingSpecialTokens)[0]
    }

    /// The pieces of each text of a batch, padded together if the tokenizer pads.
    public func encode(batch: [EncodingInput], addingSpecialTokens: Bool = true) -> [Encoding] {
        let sequences = batch.map { processed($0, addingSpecialTokens: addingSpecialTokens) }
        return zip(batch, padding?.apply(sequences) ?? sequences).map { input, tokens in
            Encoding(
                tokens, piece: { piece(of: $0) ?? "" }, words: TextWords(input.text), isSpecial: isSpecial)
        }
    }

    private func processed(_ input: EncodingInput, addingSpecialTokens: Bool) -> TokenSequence {
        var parts = [TokenSequence(tokens(of: input.text, origin: .text))]
        if let pair = input.pair { parts.append(TokenSequence(tokens(of: pair, origin: .pair))) }
        if let truncation {
            let added = addingSpecialTokens ? postProcessor?.addedCount(isPair: parts.count > 1) ?? 0 : 0
            parts = truncation.apply(parts, length: max(0, truncation.maximumLength - added))
        }
        if let postProcessor { parts = postProcessor.process(parts, addingSpecialTokens: addingSpecialTokens) }
        return parts.dropFirst().reduce(parts.first ?? TokenSequence([])) { $0.followed(by: $1) }
    }

    // MARK: One text

    private func tokens(of text: String, origin: Token.Origin) -> [Token] {
        var tokens = TextTokens(origin: origin)
        let original = AlignedText(text)
        for span in matcher.spans(of: original) {
            switch span {
            case .token(let token, let range): tokens.append(token, original[range])
            case .text(let range):
                appendTokens(of: range.count == original.count ? original : Array(original[range]), &tokens)
            }
        }
        return tokens.tokens
    }

    /// The tokens of text in which no unnormalised added token stands.
    private func appendTokens(of text: AlignedText, _ tokens: inout TextTokens) {
        let normalized = normalizer?.normalize(text) ?? text
        for span in normalizedMatcher.spans(of: normalized) {
            switch span {
            case .token(let token, let range): tokens.append(token, normalized[range])
            case .text(let range):
                let segment = Segment(normalized[range])
                for part in preTokenizer?.split(segment) ?? [segment] {
                    let subwords = cache.subwords(of: part.text.utf8, compute: model.subwords)
                    tokens.append(subwords, of: part.text)
                }
            }
        }
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
