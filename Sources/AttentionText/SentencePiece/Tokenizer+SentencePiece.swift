import AttentionFiles

extension Tokenizer {
    /// The tokenizer of a SentencePiece `.model` file: unigram or byte-pair pieces with their normalization.
    ///
    /// - Throws: `TokenizerError.unusableModel` if `bytes` are no such file.
    public init(sentencePiece bytes: [UInt8]) throws(TokenizerError) {
        let file = try SentencePieceFile(bytes)
        try self.init(file) { content in Self.model(file, content) }
    }

    /// The same pieces under other ids: `vocabulary` is the JSON object of a `vocab.json`, in which `<unk>` stands for pieces that it lacks. What it
    /// has in angle brackets, and `added` in this order behind it, stands for no text.
    ///
    /// - Throws: `TokenizerError` if the one is no SentencePiece model, or the other no vocabulary.
    public init(
        sentencePiece bytes: [UInt8], vocabulary json: [UInt8], added: [String] = []
    ) throws(TokenizerError) {
        let document: JSONValue
        do { document = try JSONParser.parseTable(json) } catch { throw .malformed(error) }
        var vocabulary = try StageFields(stage: "vocab.json", .object([JSONMember("vocab", document)]))
            .pieceIDs("vocab")
        for piece in added where vocabulary.id(of: piece) == nil {
            vocabulary.insert(ArraySlice(piece.utf8), id: vocabulary.count)
        }
        guard let unknown = vocabulary.id(of: "<unk>") else {
            throw .missingPiece(stage: "vocab.json", field: "unk_token", piece: "<unk>")
        }
        let added = Set(added)
        let special = (0..<vocabulary.count).filter { id in
            guard let piece = vocabulary.piece(of: id) else { return false }
            return added.contains(piece) || (piece.hasPrefix("<") && piece.hasSuffix(">"))
                || (piece.hasPrefix(">>") && piece.hasSuffix("<<"))
        }
        let file = try SentencePieceFile(bytes)
        try self.init(file) { content in
            RenumberedSubwords(
                Self.model(file, content), vocabulary: vocabulary, unknown: unknown, special: Set(special))
        }
    }

    /// Pieces of SentencePiece's that lie in a GGUF file.
    init(sentencePiece pieces: GGUFPieces) throws(TokenizerError) {
        var file = SentencePieceFile(
            pieces: pieces.texts.indices.map { id in
                SentencePieceVocabulary.Piece(
                    text: pieces.texts[id], score: Float(pieces.scores[id]), kind: pieces.kinds[id])
            })
        file.algorithm = .bpe
        file.hasByteFallback = pieces.kinds.contains(.byte)
        file.addsDummyPrefix = pieces.addsSpace
        file.removesExtraSpaces = pieces.removesExtraSpaces
        file.characterMap = pieces.characterMap
        let content = try SentencePieceVocabulary(file.pieces, hasByteFallback: file.hasByteFallback)
        self.init(
            addedTokens: pieces.added,
            normalizer: try SentencePieceNormalizer(file, userDefined: content.userDefined), preTokenizer: nil,
            model: Self.model(file, content), postProcessor: try pieces.frame(startsTexts: true),
            decoder: SentencePieceDecoder(file, content))
    }

    private init(
        _ file: SentencePieceFile, _ model: (SentencePieceVocabulary) -> any SubwordModel
    ) throws(TokenizerError) {
        let content = try SentencePieceVocabulary(file.pieces, hasByteFallback: file.hasByteFallback)
        self.init(
            addedTokens: [],
            normalizer: try SentencePieceNormalizer(file, userDefined: content.userDefined),
            preTokenizer: nil, model: model(content), postProcessor: nil, decoder: SentencePieceDecoder(file, content))
    }

    private static func model(_ file: SentencePieceFile, _ content: SentencePieceVocabulary) -> any SubwordModel {
        file.algorithm == .bpe ? SentencePieceBPE(content) : SentencePieceUnigram(content)
    }
}
