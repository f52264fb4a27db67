import AttentionFiles

extension Tokenizer {
    /// BERT's tokenizer from a `vocab.txt`, one piece a line.
    ///
    /// - Parameter configuration: the fields of `tokenizer_config.json`, such as `do_lower_case`.
    init(wordPieces bytes: [UInt8], configuration: StageFields) throws(TokenizerError) {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        let special = ["pad", "unk", "cls", "sep", "mask"]
        var names: [String] = []
        for name in special {
            names.append(try configuration.specialPiece("\(name)_token", default: "[\(name.uppercased())]"))
        }
        let model = try WordPiece(
            StageFields(
                stage: "vocab.txt",
                .object([
                    JSONMember("vocab", .table(JSONTable(numbering: lines))),
                    JSONMember("unk_token", .string(names[1])),
                    JSONMember("continuing_subword_prefix", "##"), JSONMember("max_input_chars_per_word", 100),
                ])))
        let lowercases = try configuration.bool("do_lower_case", default: true)
        let normalizer = try BertNormalizer(
            StageFields(
                stage: "tokenizer_config.json",
                .object([
                    JSONMember("clean_text", true),
                    JSONMember(
                        "handle_chinese_chars", .bool(try configuration.bool("tokenize_chinese_chars", default: true))),
                    JSONMember(
                        "strip_accents", try configuration.optionalBool("strip_accents").map(JSONValue.bool) ?? .null),
                    JSONMember("lowercase", .bool(lowercases)),
                ])))
        func id(_ name: String) throws(TokenizerError) -> Int {
            guard let id = model.vocabulary.id(of: name) else {
                throw .missingPiece(stage: "vocab.txt", field: "special tokens", piece: name)
            }
            return id
        }
        let (classifier, separator) = (names[2], names[3])
        self.init(
            addedTokens: names.compactMap { name in
                model.vocabulary.id(of: name).map { AddedToken(special: name, id: $0) }
            },
            normalizer: normalizer, preTokenizer: BertPreTokenizer(configuration), model: model,
            postProcessor: BertProcessing(
                classifier: SpecialPiece(classifier, id: try id(classifier)),
                separator: SpecialPiece(separator, id: try id(separator))),
            decoder: WordPieceDecoder(prefix: "##", cleansUp: true))
    }
}

extension StageFields {
    /// A special token: its spelling, or an object that holds it under `content`.
    func specialPiece(_ field: String, default fallback: String) throws(TokenizerError) -> String {
        guard case .object = value(field) else { return try string(field, default: fallback) }
        return try stage(field)?.string("content") ?? fallback
    }
}
