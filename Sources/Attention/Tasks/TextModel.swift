import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionText

/// A text encoder and the tokenizer beside it: what all tasks on texts stand on. A value; copies share the weights.
struct TextModel: Sendable {
    let tokenizer: Tokenizer
    var model: EncoderModel
    let fields: ConfigurationFields
    /// The most pieces in a row, special ones included.
    let lengthLimit: Int

    /// Opens a folder for a task.
    /// - Parameter adapters: a folder of adapters that are made part of the model's weights; nil for none.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    init(path: String, task: EncoderTask, adapters: String? = nil, lengthLimit: Int? = nil) throws {
        let folder = try PretrainedFolder(path: path)
        let model = try adapters.map { try folder.encoder(for: task, mergedWith: try AdapterFolder(path: $0)) }
        try self.init(folder: folder, model: model ?? folder.encoder(for: task), lengthLimit: lengthLimit)
    }

    /// A model made of a folder, and the folder's tokenizer.
    init(folder: PretrainedFolder, model: EncoderModel, lengthLimit wanted: Int? = nil) throws {
        self.model = model
        fields = folder.fields
        tokenizer = try Tokenizer(folder: folder.path)
        let limits = [wanted, model.encoder.lengthLimit, try Self.tokenizerLimit(folder.path)]
        lengthLimit = max(8, limits.compactMap(\.self).min() ?? 512)
    }

    /// `model_max_length` of tokenizer_config.json; absurdly large where there is no limit.
    private static func tokenizerLimit(_ path: String) throws -> Int? {
        let file = path + "/tokenizer_config.json"
        guard Directory.hasFile(file) else { return nil }
        let fields = try ConfigurationFields(try JSONParser.parse(try FileContents.read(file)))
        guard fields.has("model_max_length") else { return nil }
        let limit: Double = try fields.number("model_max_length")
        return limit >= 1 && limit <= 1_048_576 ? Int(limit) : nil
    }

    /// Texts in pieces, each at most as long as the model reads: longer ones are cut at the end.
    func encode(_ inputs: [EncodingInput]) -> [Encoding] {
        tokenizer.limited(truncation: Truncation(maximumLength: lengthLimit), padding: nil).encode(
            batch: inputs, recognizingSpecialTokens: false)
    }

    /// What `body` makes of rows of pieces, in the order of the rows. They are taken in batches of similar length, so that little is
    /// spent on padding.
    /// - Throws: `CancellationError` between two batches; whatever `body` throws.
    func map<Result>(
        _ encodings: [Encoding], batchTokens: Int = 4096, _ body: (TokenBatch, [Encoding]) throws -> [Result]
    ) throws -> [Result] {
        var results = [Result?](repeating: nil, count: encodings.count)
        for rows in Self.batches(ofLengths: encodings.map(\.ids.count), batchTokens: batchTokens) {
            if Task.isCancelled { throw CancellationError() }
            let chosen = rows.map { encodings[$0] }
            for (row, result) in zip(rows, try body(try batch(of: chosen), chosen)) { results[row] = result }
        }
        return results.compactMap(\.self)
    }

    /// Rows of pieces as a batch, filled up to the longest.
    func batch(of encodings: [Encoding]) throws(ShapeError) -> TokenBatch {
        try TokenBatch(encodings.map(\.ids), types: encodings.map(\.typeIDs), padding: paddingID)
    }

    /// The places of rows of these lengths in batches of at most so many tokens, the longest first.
    static func batches(ofLengths lengths: [Int], batchTokens: Int = 4096) -> [[Int]] {
        let order = lengths.indices.sorted { lengths[$0] > lengths[$1] }
        var batches: [[Int]] = []
        var start = 0
        while start < order.count {
            let end = min(order.count, start + max(1, batchTokens / max(1, lengths[order[start]])))
            batches.append(Array(order[start..<end]))
            start = end
        }
        return batches
    }

    /// What the encoder makes of a batch, [B, L, M].
    func states(of batch: TokenBatch) throws -> Tensor {
        try model.encoder.encode(batch, observing: [], training: nil).last
    }

    var paddingID: Int {
        for piece in ["[PAD]", "<pad>"] {
            if let id = tokenizer.id(of: piece) { return id }
        }
        return 0
    }
}
