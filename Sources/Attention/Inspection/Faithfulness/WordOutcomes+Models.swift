import AttentionFiles
import AttentionLayers
import AttentionModels
import AttentionTensors

/// A table of vectors in which the words of a text stand once more, each occurrence in a row of its own behind the vocabulary, so that one word can
/// be changed without all others like it; and so it is with any model that looks ids up, whatever else the table is for.
private struct OccurrenceTable {
    /// The parameter's name.
    let name: String
    /// V.
    let vocabularySize: Int
    /// The words' vectors, [K, E].
    let vectors: Tensor

    /// - Throws: `PretrainedError` if the model has no table of words.
    init(of ids: [Int], in model: some Module) throws {
        let parameters = Dictionary(
            model.parameters().map { ($0.name, $0.parameter) }, uniquingKeysWith: { first, _ in first })
        guard let name = Self.names.first(where: { parameters[$0] != nil }), let table = parameters[name] else {
            throw PretrainedError.wrongTask(
                needed: "a table of words' vectors", found: "a model without", folder: "the model")
        }
        self.name = name
        vocabularySize = table.shape[0]
        vectors = try table.detached().tensor.rows(ids, shape: [ids.count])
    }

    /// What the table that sources are looked up in is called, the most particular name first.
    private static let names = [
        "source_embedding.weight", "encoder.embeddings.words.weight", "embeddings.words.weight", "decoder.words.weight",
        "embedding.weight",
    ]

    /// The model with these vectors, [B, K, E], in the rows behind the vocabulary.
    func model<Model: Module>(_ model: Model, with vectors: Tensor) throws -> Model {
        let table = model.parameters().first { $0.name == name }?.parameter.tensor ?? vectors
        let rows = try vectors.reshaped(to: [vectors.shape[0] * vectors.shape[1], vectors.shape[2]])
        let longer = try concatenated([table.detached(), rows], axis: 0)
        return model.mapParameters { own, parameter in own == name ? parameter.replacing(with: longer) : parameter }
    }

    /// The ids of B texts.
    func ids(textCount: Int) -> [[Int]] {
        let count = vectors.shape[0]
        return (0..<textCount).map { text in (0..<count).map { vocabularySize + text * count + $0 } }
    }
}

extension WordOutcomes {
    /// How far the state of each piece in an encoder is what it is: ⟨h_q, h_q⁰⟩ / ⟨h_q⁰, h_q⁰⟩, 1 for the text as it stands.
    init(statesOf ids: [Int], types: [Int], in encoder: some TextEncoder) throws {
        let table = try OccurrenceTable(of: ids, in: encoder)
        func states(_ vectors: Tensor) throws -> Tensor {
            let rows = table.ids(textCount: vectors.shape[0])
            let batch = try TokenBatch(rows, types: rows.map { _ in types }, padding: 0)
            return try table.model(encoder, with: vectors).encode(batch, observing: .nothing, training: nil).last
        }
        try self.init(vectors: table.vectors, ofStates: states)
    }

    /// The same of what a model that reads and writes makes of its source.
    init(annotationsOf ids: [Int], in model: some SequenceToSequence) throws {
        let table = try OccurrenceTable(of: ids, in: model)
        func states(_ vectors: Tensor) throws -> Tensor {
            let source = PaddedBatch(table.ids(textCount: vectors.shape[0]), padding: 0)
            return try table.model(model, with: vectors).annotations(source)
        }
        try self.init(vectors: table.vectors, ofStates: states)
    }

    private init(vectors: Tensor, ofStates states: @escaping (Tensor) throws -> Tensor) throws {
        let plain = try states(vectors.unsqueezed(axis: 0)).detached()  // [1, K, M]
        let directions = plain / (try (plain * plain).sum(axis: 2, keepingAxis: true))
        self.init(vectors: vectors, outcomes: { try (states($0) * directions).sum(axis: 2) })
    }

    /// ln P of each piece that a model writes of a source.
    init(writing target: [Int], start: Int, of source: [Int], in model: some SequenceToSequence) throws {
        let table = try OccurrenceTable(of: source, in: model)
        let (weight, bias) = (model.outputWeight.detached(), model.outputBias?.detached())
        self.init(
            vectors: table.vectors,
            outcomes: { vectors in
                let batch = SequencePairBatch(
                    table.ids(textCount: vectors.shape[0]).map { (source: $0, target: target) },
                    special: SpecialTokens(padding: 0, start: start, end: target.last ?? 0))
                let hidden = try table.model(model, with: vectors).hiddenStates(batch, training: nil)
                return try linear(hidden, weight: weight, bias: bias)
                    .logProbabilities(of: target, textCount: vectors.shape[0])
            })
    }

    /// ln P of the piece behind each piece of a text; 0 at the last, behind which nothing is known.
    init(following ids: [Int], in model: some LanguageModel) throws {
        let table = try OccurrenceTable(of: ids, in: model)
        self.init(
            vectors: table.vectors,
            outcomes: { vectors in
                let count = vectors.shape[0]
                let rows = table.ids(textCount: count)
                let bytes = try Safetensors.encoded([
                    try Safetensors.Entry("input_ids", rows.flatMap(\.self), shape: [count, ids.count])
                ])
                let found = try table.model(model, with: vectors).forward(
                    try SafetensorsFile(bytes, source: "the text"), observing: .nothing)
                guard let logits = found.first(where: { $0.name == "logits" })?.tensor else {
                    throw PretrainedError.wrongTask(needed: "logits", found: "a model without", folder: "the model")
                }
                // The rows behind the vocabulary have logits, too, where the table is the output map.
                let own = try logits.sliced(axis: 2, 0..<min(table.vocabularySize, logits.shape[2]))
                let next = try own.reshaped(to: [count * ids.count, -1])
                    .logProbabilities(of: ids.dropFirst() + [ids[ids.count - 1]], textCount: count)
                let isKnown = Tensor(shape: [1, ids.count]) { out in
                    for place in ids.indices { out[place] = place + 1 < ids.count ? 1 : 0 }
                }
                return next * isKnown
            })
    }
}

extension Tensor {
    /// Logits [B · T, V] → ln P of the T tokens in each of B texts, [B, T].
    fileprivate func logProbabilities(of tokens: some Collection<Int>, textCount: Int) throws -> Tensor {
        let size = shape[1]
        let places = (0..<textCount).flatMap { text in
            tokens.enumerated().map { (text * tokens.count + $0.offset) * size + $0.element }
        }
        return try logSoftmax().taking(places, shape: [textCount, tokens.count])
    }
}
