import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionText

/// A text encoder and the tokenizer beside it: what all tasks on texts stand on. A value; copies share the weights.
struct TextModel: Sendable {
    let tokenizer: Tokenizer
    let model: EncoderModel
    let fields: ConfigurationFields
    /// The most pieces in a row, special ones included.
    let lengthLimit: Int

    /// Opens a folder for a task.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    init(path: String, task: EncoderTask, lengthLimit wanted: Int? = nil) throws {
        let folder = try PretrainedFolder(path: path)
        model = try folder.encoder(for: task)
        fields = folder.fields
        tokenizer = try Tokenizer(folder: path)
        let limits = [wanted, model.encoder.lengthLimit, try Self.tokenizerLimit(path)]
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
        let order = encodings.indices.sorted { encodings[$0].ids.count > encodings[$1].ids.count }
        var results = [Result?](repeating: nil, count: encodings.count)
        var start = 0
        while start < order.count {
            if Task.isCancelled { throw CancellationError() }
            let length = max(1, encodings[order[start]].ids.count)
            let rows = Array(order[start..<min(order.count, start + max(1, batchTokens / length))])
            let chosen = rows.map { encodings[$0] }
            let batch = try TokenBatch(
                chosen.map(\.ids), types: chosen.map(\.typeIDs), padding: paddingID)
            for (row, result) in zip(rows, try body(batch, chosen)) { results[row] = result }
            start += rows.count
        }
        return results.compactMap(\.self)
    }

    /// What the encoder makes of a batch, [B, L, M].
    func states(of batch: TokenBatch) throws -> Tensor {
        try model.encoder.encode(batch, observing: [], training: nil).last
    }

    private var paddingID: Int {
        for piece in ["[PAD]", "<pad>"] {
            if let id = tokenizer.id(of: piece) { return id }
        }
        return 0
    }
}
