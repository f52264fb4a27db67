extension Tokenizer {
    /// The tokenizer of a SentencePiece `.model` file: unigram or byte-pair pieces with their normalization.
    ///
    /// - Throws: `TokenizerError.unusableModel` if `bytes` are no such file.
    public init(sentencePiece bytes: [UInt8]) throws(TokenizerError) {
        let file = try SentencePieceFile(bytes)
        let content = try SentencePieceVocabulary(file.pieces, hasByteFallback: file.hasByteFallback)
        self.init(
            addedTokens: [],
            normalizer: try SentencePieceNormalizer(file, userDefined: content.userDefined),
            preTokenizer: nil,
            model: file.algorithm == .bpe ? SentencePieceBPE(content) : SentencePieceUnigram(content),
            postProcessor: nil, decoder: SentencePieceDecoder(file, content))
    }
}
