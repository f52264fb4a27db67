import AttentionFiles
public import AttentionModels
import AttentionTensors
public import AttentionText

/// Texts as vectors: near where the texts mean the like (Reimers & Gurevych 2019, *Sentence-BERT*).
///
/// ```swift
/// let embedder = try TextEmbedder(path: "all-MiniLM-L6-v2")
/// let vectors = try embedder.embed(["A cat sleeps.", "Une chatte dort."])
/// let likeness = embedder.similarity(vectors[0], vectors[1])
/// ```
///
/// Reads folders as sentence-transformers writes them (modules.json and what it names: pooling, dense maps, normalising, prompts), and those
/// of a bare encoder, whose vectors are averaged. A value that may be shared by any number of tasks; copies share the weights.
public struct TextEmbedder: HeadedModel {
    private let text: TextModel
    private let stages: [EmbeddingStage]
    /// What is put before texts of a kind, by its name: `query`, `passage`.
    public let prompts: [String: String]
    /// The kind of texts whose prompt is taken unless another is said; nil for none.
    public let defaultPrompt: String?

    /// How the vector of a text is made of those of its pieces, in sentence-transformers' words: `mean`, `cls`, `max`, `mean_sqrt_len`,
    /// `lasttoken`, or several of them, which stand side by side.
    public var pooling: [String] {
        stages.flatMap { if case .pooling(let poolings) = $0 { poolings.map(\.rawValue) } else { [String]() } }
    }
    /// The heads that can be left out.
    public var heads: HeadCounts { text.model.heads }
    /// From text to pieces and back.
    public var tokenizer: Tokenizer { text.tokenizer }
    /// The most pieces of a text that are read, special ones included.
    public var lengthLimit: Int { text.lengthLimit }

    /// Opens a folder.
    /// - Parameter adapters: a folder of adapters that are made part of the model's weights; nil for none.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    public init(path: String, adapters: String? = nil) throws {
        let modules = try EmbeddingModules(path: path)
        text = try TextModel(
            path: modules.encoderPath, task: .features, adapters: adapters, lengthLimit: modules.lengthLimit)
        stages = modules.stages
        (prompts, defaultPrompt) = (modules.prompts, modules.defaultPrompt)
    }

    /// The vectors of these texts, in their order. Texts longer than the model reads count up to where it stops.
    ///
    /// - Parameter prompt: the kind of texts these are, one of `prompts`; nil takes the default.
    /// - Throws: `PretrainedError` if there is no such prompt; `CancellationError` if the task was cancelled.
    public func embed(_ texts: [String], prompt: String? = nil) throws -> [[Float]] {
        var run = TaskRun()
        return try embed(texts, prompt: prompt, in: &run)
    }

    /// The same in a run that says more of it.
    /// - Throws: as above; `PretrainedError` if a text is too long for the run, or there is no head that it asks for.
    public func embed(_ texts: [String], prompt: String? = nil, in run: inout TaskRun) throws -> [[Float]] {
        try embed(try encode(texts, prompt: prompt, in: &run), in: &run)
    }

    /// The pieces of these texts, special ones included, each at most as long as the model reads: what `embed` reads of them.
    /// - Throws: `PretrainedError` if there is no such prompt, or a text is too long for the run.
    public func encode(
        _ texts: [String], prompt: String? = nil, in run: inout TaskRun
    ) throws(PretrainedError) -> [Encoding] {
        let prefix = try prefix(prompt)
        return try text.encode(texts.map { EncodingInput(prefix + $0) }, in: &run)
    }

    /// Tokens, special ones included, as `embed` reads them.
    /// - Throws: `PretrainedError` if they are none, more than the model reads, or not in its vocabulary.
    public func encode(tokens: [Int]) throws(PretrainedError) -> Encoding { try text.encode(tokens: tokens) }

    /// The vectors of texts that `encode` has cut into pieces.
    /// - Throws: `PretrainedError` if there is no head that the run asks for; `CancellationError` if the task was cancelled.
    public func embed(_ encodings: [Encoding], in run: inout TaskRun) throws -> [[Float]] {
        try text.map(encodings, in: &run) { batch, _, states in
            var vectors = states
            for stage in stages { vectors = try stage(vectors, present: batch.present) }
            let (values, size) = (vectors.values, vectors.shape[1])
            return (0..<batch.rowCount).map { Array(values[$0 * size..<($0 + 1) * size]) }
        }
    }

    /// The vectors of the pieces of texts that `encode` has cut, special ones included, before they are pooled.
    /// - Throws: as for the vectors of texts.
    public func pieceVectors(_ encodings: [Encoding], in run: inout TaskRun) throws -> [[[Float]]] {
        try text.map(encodings, in: &run) { batch, rows, states in
            let (values, length, size) = (states.values, batch.length, states.shape[2])
            return rows.enumerated().map { row, encoding in
                encoding.ids.indices.map { place in
                    Array(values[(row * length + place) * size..<(row * length + place + 1) * size])
                }
            }
        }
    }

    /// The vector of one text.
    /// - Throws: as for several.
    public func embed(_ text: String, prompt: String? = nil) throws -> [Float] { try embed([text], prompt: prompt)[0] }

    /// The cosine of the angle between two vectors, 1 for the same direction; 0 if one of them is 0.
    /// - Precondition: they are equally long.
    public func similarity(_ first: [Float], _ second: [Float]) -> Float {
        precondition(
            first.count == second.count,
            "similarity: expected vectors of one size, found \(first.count) and \(second.count)")
        let product = zip(first, second).reduce(Float(0)) { $0 + $1.0 * $1.1 }
        let norms =
            first.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot() * second.reduce(Float(0)) { $0 + $1 * $1 }.squareRoot()
        return norms > 0 ? product / norms : 0
    }

    private func prefix(_ name: String?) throws(PretrainedError) -> String {
        guard let name = name ?? defaultPrompt else { return "" }
        guard let prompt = prompts[name] else {
            throw PretrainedError.unknownPrompt(name, known: prompts.keys.sorted())
        }
        return prompt
    }
}
