import AttentionFiles

extension Tokenizer {
    /// Reads a `tokenizer.json`.
    ///
    /// - Throws: `TokenizerError` if the file cannot be read or does not describe a tokenizer of known stages.
    public init(contentsOf path: String) throws(TokenizerError) {
        let file: ReadOnlyBytes
        do { file = try ReadOnlyBytes(contentsOf: path) } catch { throw .file(error) }
        do throws(TokenizerError) {
            self = try file.withBytes(in: 0..<file.count) { (bytes) throws(TokenizerError) in
                try bytes.withMemoryRebound(to: UInt8.self) { (bytes) throws(TokenizerError) in
                    try Tokenizer(json: bytes)
                }
            }
        } catch { throw .unusableFile(path: path, error) }
    }

    /// Reads the bytes of a `tokenizer.json`.
    ///
    /// - Throws: `TokenizerError` if they do not describe a tokenizer of known stages.
    public init(json: [UInt8]) throws(TokenizerError) {
        self = try json.withUnsafeBufferPointer { (bytes) throws(TokenizerError) in try Tokenizer(json: bytes) }
    }

    private init(json: UnsafeBufferPointer<UInt8>) throws(TokenizerError) {
        let document: JSONValue
        do { document = try JSONParser.parse(json, tableKeys: ["vocab", "merges"]) } catch { throw .malformed(error) }
        let fields = try StageFields(stage: "tokenizer.json", document)
        var addedTokens: [AddedToken] = []
        if fields.value("added_tokens") != nil {
            for value in try fields.array("added_tokens") { addedTokens.append(try AddedToken(value)) }
        }
        self.init(
            addedTokens: addedTokens,
            normalizer: try fields.value("normalizer").map(Normalizers.read),
            preTokenizer: try fields.value("pre_tokenizer").map(PreTokenizers.read),
            model: try SubwordModels.read(try fields.required("model")),
            postProcessor: try fields.value("post_processor").map(PostProcessors.read),
            decoder: try fields.value("decoder").map(PieceDecoders.read),
            truncation: try fields.stage("truncation").map(Truncation.init),
            padding: try fields.stage("padding").map(Padding.init))
    }

    /// The tokenizer as a `tokenizer.json`.
    public func json() -> [UInt8] {
        JSONWriter.write(
            .object([
                JSONMember("version", "1.0"),
                JSONMember("truncation", truncation?.json ?? .null),
                JSONMember("padding", padding?.json ?? .null),
                JSONMember("added_tokens", .array(addedTokens.map(\.json))),
                JSONMember("normalizer", normalizer?.json ?? .null),
                JSONMember("pre_tokenizer", preTokenizer?.json ?? .null),
                JSONMember("post_processor", postProcessor?.json ?? .null),
                JSONMember("decoder", decoder?.json ?? .null),
                JSONMember("model", model.json),
            ]))
    }
}
