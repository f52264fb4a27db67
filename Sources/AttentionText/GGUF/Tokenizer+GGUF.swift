public import AttentionFiles

extension Tokenizer {
    /// The tokenizer of a GGUF file: byte-level pairs, `gpt2`, or SentencePiece's, `llama`.
    ///
    /// Control tokens are special tokens; tokens that users defined are found in texts, too.
    /// - Throws: `TokenizerError` if the file has none, or one of another kind.
    public init(_ file: GGUFFile) throws(TokenizerError) {
        let pieces: GGUFPieces
        do throws(GGUFError) {
            let kind = try file.string("tokenizer.ggml.model") ?? "none"
            guard kind == "gpt2" || kind == "llama" else {
                throw file.error("tokenizer.ggml.model", expected: "gpt2 or llama", found: kind)
            }
            pieces = try GGUFPieces(file)
        } catch { throw .gguf(error) }
        if pieces.isSentencePiece {
            try self.init(sentencePiece: pieces)
        } else {
            try self.init(bytePairs: pieces)
        }
    }

    /// Whether a GGUF file has a tokenizer.
    public static func isIn(_ file: GGUFFile) -> Bool { file.metadata["tokenizer.ggml.model"] != nil }

    private init(bytePairs pieces: GGUFPieces) throws(TokenizerError) {
        guard let form = GGUFPreTokenization.all[pieces.preTokenization] else {
            throw .unknownStage(
                kind: "pre-tokenizer", name: pieces.preTokenization, known: GGUFPreTokenization.all.keys.sorted())
        }
        let model: JSONValue = .object([
            JSONMember("type", "BPE"), JSONMember("ignore_merges", .bool(form.prefersWholeSegments)),
            JSONMember("vocab", .table(JSONTable(numbering: pieces.texts.map { Array($0.utf8)[...] }))),
            JSONMember("merges", .table(JSONTable(strings: pieces.merges.map { Array($0.utf8)[...] }))),
        ])
        let byteLevel = GGUFPreTokenization.byteLevel(cutting: true)
        self.init(
            addedTokens: pieces.added, normalizer: form.isComposing ? NFC() : nil,
            preTokenizer: try PreTokenizers.read(form.stage), model: try SubwordModels.read(model),
            postProcessor: try pieces.frame(startsTexts: form.startsTexts),
            decoder: try PieceDecoders.read(byteLevel))
    }
}

/// What a GGUF file says of its tokens.
struct GGUFPieces {
    let texts: [String]
    let scores: [Double]
    /// By SentencePiece's numbers.
    let kinds: [SentencePieceVocabulary.Kind]
    let merges: [String]
    let preTokenization: String
    let isSentencePiece: Bool
    let addsSpace: Bool
    let removesExtraSpaces: Bool
    /// How characters are written before they are looked up, as SentencePiece compiles it; empty for as they are.
    let characterMap: [UInt8]
    private let start: Int?
    private let end: Int?
    private let addsStart: Bool?
    private let addsEnd: Bool?

    init(_ file: GGUFFile) throws(GGUFError) {
        func key(_ name: String) -> String { "tokenizer.ggml." + name }
        guard let texts = try file.strings(key("tokens")), !texts.isEmpty else {
            throw file.error(key("tokens"), expected: "tokens", found: "none")
        }
        let kinds = try file.numbers(key("token_type")) ?? [Double](repeating: 1, count: texts.count)
        let scores = try file.numbers(key("scores")) ?? [Double](repeating: 0, count: texts.count)
        guard kinds.count == texts.count, scores.count == texts.count else {
            throw file.error(
                key("token_type"), expected: "as many types and scores as tokens, \(texts.count)",
                found: "\(kinds.count) and \(scores.count)")
        }
        var known: [SentencePieceVocabulary.Kind] = []
        for number in kinds {
            guard let kind = Int(exactly: number).flatMap(SentencePieceVocabulary.Kind.init) else {
                throw file.error(key("token_type"), expected: "types from 1 to 6", found: "\(number)")
            }
            known.append(kind)
        }
        func token(_ name: String) throws(GGUFError) -> Int? {
            guard let id = try file.integer(key(name)) else { return nil }
            guard texts.indices.contains(id) else {
                throw file.error(key(name), expected: "a token below \(texts.count)", found: "\(id)")
            }
            return id
        }
        if let score = scores.first(where: { !$0.isFinite }) {
            throw file.error(key("scores"), expected: "finite scores", found: "\(score)")
        }
        (self.texts, self.scores, self.kinds) = (texts, scores, known)
        merges = try file.strings(key("merges")) ?? []
        preTokenization = try file.string(key("pre")) ?? "none"
        isSentencePiece = try file.string(key("model")) == "llama"
        addsSpace = try file.flag(key("add_space_prefix")) ?? true
        removesExtraSpaces = try file.flag(key("remove_extra_whitespaces")) ?? false
        let map = try file.numbers(key("precompiled_charsmap")) ?? []
        // Of bytes, signed ones in some files.
        characterMap = map.map { UInt8(truncatingIfNeeded: Int(exactly: $0) ?? 0) }
        (start, end) = (try token("bos_token_id"), try token("eos_token_id"))
        (addsStart, addsEnd) = (try file.flag(key("add_bos_token")), try file.flag(key("add_eos_token")))
    }

    /// Those that stand outside the model.
    var added: [AddedToken] {
        texts.indices.filter { kinds[$0] == .control || kinds[$0] == .userDefined }.map {
            AddedToken(texts[$0], id: $0, isSpecial: kinds[$0] == .control)
        }
    }

    /// What stands around a text: the start token and the end token as the file says, or as its kind has it.
    func frame(startsTexts: Bool) throws(TokenizerError) -> (any PostProcessor)? {
        let before = addsStart ?? startsTexts ? start : nil
        let after = addsEnd ?? false ? end : nil
        guard before != nil || after != nil else { return nil }
        func part(_ id: Int) -> JSONValue {
            .object([JSONMember("SpecialToken", .object([JSONMember("id", .string(texts[id]))]))])
        }
        func template(_ name: String, type: Int) -> [JSONValue] {
            let text: JSONValue = .object([
                JSONMember("id", .string(name)), JSONMember("type_id", .number(JSONNumber(type))),
            ])
            return (before.map { [part($0)] } ?? []) + [.object([JSONMember("Sequence", text)])]
                + (after.map { [part($0)] } ?? [])
        }
        var specials: [JSONMember] = []
        for id in [before, after].compactMap(\.self) where !specials.contains(where: { $0.key == texts[id] }) {
            specials.append(
                JSONMember(
                    texts[id],
                    .object([
                        JSONMember("ids", .array([.number(JSONNumber(id))])),
                        JSONMember("tokens", .array([.string(texts[id])])),
                    ])))
        }
        return try TemplateProcessing(
            StageFields(
                stage: "TemplateProcessing",
                .object([
                    JSONMember("single", .array(template("A", type: 0))),
                    JSONMember("pair", .array(template("A", type: 0) + template("B", type: 1))),
                    JSONMember("special_tokens", .object(specials)),
                ])))
    }
}
