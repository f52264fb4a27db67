import AttentionFiles

extension Tokenizer {
    /// A byte-level tokenizer from a `vocab.json` and a `merges.txt`: GPT-2's, or RoBERTa's if the configuration says so.
    ///
    /// - Parameter configuration: the fields of `tokenizer_config.json`, such as `add_prefix_space`.
    init(bytePairs vocabulary: [UInt8], merges: [UInt8], configuration: StageFields) throws(TokenizerError) {
        let pieces: JSONValue
        do { pieces = try JSONParser.parseTable(vocabulary) } catch { throw .malformed(error) }
        let lines = merges.split(separator: UInt8(ascii: "\n")).map { line in
            line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        }
        // The first line may name the version.
        let rules = JSONTable(strings: lines.filter { !$0.isEmpty && !$0.starts(with: "#version".utf8) })
        let model = try BPE(
            StageFields(
                stage: "vocab.json",
                .object([JSONMember("vocab", pieces), JSONMember("merges", .table(rules))])))
        let isRoberta = try configuration.string("tokenizer_class", default: "").hasPrefix("Roberta")
        let byteLevel: JSONValue = .object([
            JSONMember("add_prefix_space", .bool(try configuration.bool("add_prefix_space", default: false))),
            JSONMember("trim_offsets", .bool(isRoberta)),
        ])
        let fields = try StageFields(stage: "tokenizer_config.json", byteLevel)
        let fallback = isRoberta ? ("<s>", "</s>", "<unk>") : ("<|endoftext|>", "<|endoftext|>", "<|endoftext|>")
        let start = try configuration.specialPiece("bos_token", default: fallback.0)
        let end = try configuration.specialPiece("eos_token", default: fallback.1)
        let unknown = try configuration.specialPiece("unk_token", default: fallback.2)
        let others = isRoberta ? ["<pad>", "<mask>"] : []
        var special: [String] = []
        for piece in [start, end, unknown] + others where !special.contains(piece) { special.append(piece) }
        let known = special.compactMap { piece in model.vocabulary.id(of: piece).map { (piece: piece, id: $0) } }
        var postProcessor: any PostProcessor = try ByteLevelPostProcessor(fields)
        if isRoberta, let first = known.first(where: { $0.piece == start }),
            let last = known.first(where: { $0.piece == end })
        {
            postProcessor = RobertaProcessing(
                classifier: SpecialPiece(first.piece, id: first.id), separator: SpecialPiece(last.piece, id: last.id),
                addsPrefixSpace: try configuration.bool("add_prefix_space", default: false))
        }
        self.init(
            addedTokens: known.map { AddedToken(special: $0.piece, id: $0.id) }, normalizer: nil,
            preTokenizer: try ByteLevelPreTokenizer(fields), model: model, postProcessor: postProcessor,
            decoder: ByteLevelDecoder(fields))
    }
}
