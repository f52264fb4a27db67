import AttentionFiles

extension Tokenizer {
    /// The files that describe a tokenizer, the first that is there being used.
    private static let knownFiles = [
        "tokenizer.json", "vocab.txt", "vocab.json and merges.txt", "spiece.model", "tokenizer.model",
        "sentencepiece.bpe.model", "sentencepiece.model", "source.spm",
    ]

    /// The tokenizer of a model's folder: its `tokenizer.json`, or what stands in for one in older folders; or that of a GGUF file.
    ///
    /// - Throws: `TokenizerError` if there is none, or it is not to be read.
    public init(folder: String) throws(TokenizerError) {
        func path(_ name: String) -> String { "\(folder)/\(name)" }
        if GGUFFile.isOne(at: folder) {
            let file: GGUFFile
            do { file = try GGUFFile(path: folder) } catch { throw .gguf(error) }
            try self.init(file)
        } else if Directory.hasFile(path("tokenizer.json")) {
            try self.init(contentsOf: path("tokenizer.json"))
        } else if Directory.hasFile(path("vocab.txt")) {
            try self.init(
                Self.named(path("vocab.txt")) { () throws(TokenizerError) in
                    try Tokenizer(
                        wordPieces: try Self.read(path("vocab.txt")), configuration: try Self.configuration(folder))
                })
        } else if Directory.hasFile(path("vocab.json")), Directory.hasFile(path("merges.txt")) {
            try self.init(
                Self.named(path("vocab.json")) { () throws(TokenizerError) in
                    try Tokenizer(
                        bytePairs: try Self.read(path("vocab.json")), merges: try Self.read(path("merges.txt")),
                        configuration: try Self.configuration(folder))
                })
        } else if Directory.hasFile(path("vocab.json")),
            let pieces = ["source.spm", "sentencepiece.bpe.model"].map(path).first(where: Directory.hasFile)
        {
            // Marian's and M2M100's pieces have other ids than their own.
            try self.init(
                Self.named(pieces) { () throws(TokenizerError) in
                    try Tokenizer(sentencePiece: try Self.read(pieces), vocabulary: try Self.read(path("vocab.json")))
                })
        } else if let file = Self.knownFiles.dropFirst(3).map(path).first(where: Directory.hasFile) {
            try self.init(
                Self.named(file) { () throws(TokenizerError) in
                    try Tokenizer(sentencePiece: try Self.read(file))
                })
        } else {
            throw .noTokenizer(folder: folder, known: Self.knownFiles)
        }
    }

    private init(_ tokenizer: Tokenizer) { self = tokenizer }

    /// What `make` gives; its complaints name the file.
    private static func named(
        _ path: String, _ make: () throws(TokenizerError) -> Tokenizer
    ) throws(TokenizerError) -> Tokenizer {
        do { return try make() } catch {
            if case .file = error { throw error }
            throw .unusableFile(path: path, error)
        }
    }

    private static func read(_ path: String) throws(TokenizerError) -> [UInt8] {
        do { return try FileContents.read(path) } catch { throw .file(error) }
    }

    /// What `tokenizer_config.json` says; nothing if there is none.
    private static func configuration(_ folder: String) throws(TokenizerError) -> StageFields {
        let path = folder + "/tokenizer_config.json"
        guard Directory.hasFile(path) else { return try StageFields(stage: "tokenizer_config.json", .object([])) }
        let bytes = try read(path)
        let document: JSONValue
        do { document = try JSONParser.parse(bytes) } catch {
            throw .unusableFile(path: path, .malformed(error))
        }
        return try StageFields(stage: "tokenizer_config.json", document)
    }
}
