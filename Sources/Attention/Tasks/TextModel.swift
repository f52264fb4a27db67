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
        guard let fields = try ConfigurationFile.fields(file), fields.has("model_max_length") else { return nil }
        let limit: Double = try ConfigurationFile.reporting(file) { try fields.number("model_max_length") }
        return limit >= 1 && limit <= 1_048_576 ? Int(limit) : nil
    }

    /// Texts in pieces, each at most as long as the model reads: longer ones are cut at the end, or refused.
    /// - Parameter recognizingSpecialTokens: whether the spelling of a special token in a text, such as `[MASK]`, is that token.
    /// - Throws: `PretrainedError.tooLong` if a text must not be cut.
    func encode(
        _ inputs: [EncodingInput], recognizingSpecialTokens: Bool = false, in run: inout TaskRun
    ) throws(PretrainedError) -> [Encoding] {
        let encodings = limited(Truncation(maximumLength: lengthLimit)).encode(
            batch: inputs, recognizingSpecialTokens: recognizingSpecialTokens)
        for (input, encoding) in zip(inputs, encodings) where !encoding.overflowing.isEmpty {
            let whole = limited(nil).encode(batch: [input], recognizingSpecialTokens: recognizingSpecialTokens)[0]
            if run.longTexts == .refused {
                throw .tooLong(input.beginning, pieces: whole.ids.count, limit: lengthLimit)
            }
            run.cutTexts.append(TaskRun.CutText(pieceCount: whole.ids.count, readCount: encoding.ids.count))
        }
        return encodings
    }

    /// Tokens, special ones included, as `map` reads them.
    /// - Throws: `PretrainedError` if they are none, more than the model reads, or not in its vocabulary.
    func encode(tokens: [Int]) throws(PretrainedError) -> Encoding {
        guard 1...lengthLimit ~= tokens.count else {
            throw .badInput(
                "tokens", source: "the request", expected: "1 to \(lengthLimit) tokens", found: "\(tokens.count)")
        }
        var pieces: [String] = []
        for token in tokens {
            guard let piece = tokenizer.piece(of: token) else {
                throw .badInput(
                    "tokens", source: "the request", expected: "tokens of the vocabulary, 0 to \(tokenizer.count - 1)",
                    found: "\(token)")
            }
            pieces.append(piece)
        }
        return Encoding(ids: tokens, pieces: pieces, words: tokens.map { _ in nil }, wordTexts: [])
    }

    /// The tokenizer with these limits alone.
    func limited(_ truncation: Truncation?) -> Tokenizer { tokenizer.limited(truncation: truncation, padding: nil) }

    /// What `body` makes of rows of pieces and of their states [B, L, M], in the order of the rows. They are taken in groups on which little
    /// padding is spent (`TextGroups`).
    /// - Throws: `PretrainedError` if the run asks for heads that there are none of; `CancellationError` between two groups; whatever
    ///   `body` throws.
    func map<Result>(
        _ encodings: [Encoding], in run: inout TaskRun, batchTokens: Int = 1024,
        _ body: (TokenBatch, [Encoding], Tensor) throws -> [Result]
    ) throws -> [Result] {
        let encoder = model.encoder
        try run.observing.check(layerCount: encoder.layerCount, headCount: encoder.headCount)
        let selection = run.observing
        let mayPack = encoder.keepsTextsApart && selection.isEmpty && Precision.current != .exact
        let groups = TextGroups(ofLengths: encodings.map(\.ids.count), batchTokens: batchTokens, mayPack: mayPack)
        // Asked here once, for all groups may fall to threads that know of no task.
        try Task.checkCancellation()
        let found = try Parallel.map(groups.places.count) { index in
            // Told on the thread that asks, which is a task's.
            if Task.isCancelled { throw CancellationError() }
            let chosen = groups.places[index].map { encodings[$0] }
            let batch = try batch(of: chosen)
            guard !groups.arePacked else {
                let states = try packedStates(of: chosen, as: batch)
                return (results: try body(batch, chosen, states), observed: [TaskRun.ObservedRow]())
            }
            let output = try encoder.encode(batch, observing: Observation(attentions: selection), training: nil)
            let observed: [TaskRun.ObservedRow] =
                selection.isEmpty
                ? []
                : try chosen.enumerated().map { place, encoding in
                    try TaskRun.ObservedRow(encoding, by: tokenizer, place, of: output.attentions)
                }
            return (results: try body(batch, chosen, output.last), observed: observed)
        }
        let rows = groups.places.joined()
        run.attentions += zip(rows, found.flatMap(\.observed)).sorted { $0.0 < $1.0 }.map(\.1)
        return zip(rows, found.flatMap(\.results)).sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// What the encoder makes of texts that it reads behind one another, [B, L, M] as in the batch; at padding stand states of others.
    private func packedStates(of encodings: [Encoding], as batch: TokenBatch) throws -> Tensor {
        let packed = try TokenBatch(behindOneAnother: encodings.map(\.ids), types: encodings.map(\.typeIDs))
        let states = try model.encoder.encode(packed, observing: .nothing, training: nil).last.squeezed(axis: 0)
        var (rows, first) = ([Int](), 0)
        for encoding in encodings {
            let count = encoding.ids.count
            rows += (0..<batch.length).map { first + min($0, count - 1) }
            first += count
        }
        return try states.selecting(rows).reshaped(to: [batch.rowCount, batch.length, states.shape[1]])
    }

    /// Rows of pieces as a batch, filled up to the longest.
    func batch(of encodings: [Encoding]) throws(ShapeError) -> TokenBatch {
        try TokenBatch(encodings.map(\.ids), types: encodings.map(\.typeIDs), padding: paddingID)
    }

    /// What the encoder makes of a batch, [B, L, M].
    func states(of batch: TokenBatch) throws -> Tensor {
        try model.encoder.encode(batch, observing: .nothing, training: nil).last
    }

    var paddingID: Int {
        for piece in ["[PAD]", "<pad>"] {
            if let id = tokenizer.id(of: piece) { return id }
        }
        return 0
    }
}

extension EncodingInput {
    /// The first words, by which a person knows the text again.
    fileprivate var beginning: String {
        let text = pair ?? self.text
        return String(text.prefix(40)) + (text.count > 40 ? "…" : "")
    }
}
