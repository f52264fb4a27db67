public import AttentionModels
import AttentionTensors
public import AttentionText

/// A class and how much is to be said for it.
public struct ScoredLabel: Sendable, Hashable {
    /// What the class is called.
    public let label: String
    /// Its probability; where the model gives a number rather than a class, the number.
    public let score: Float

    /// A class and its score.
    public init(label: String, score: Float) { (self.label, self.score) = (label, score) }
}

/// Which class a text is of: its mood, its topic, its intent.
///
/// ```swift
/// let classifier = try TextClassifier(path: "sentiment")
/// let best = try classifier.classify("What a lovely day!").first
/// ```
public struct TextClassifier: HeadedModel {
    private let text: TextModel
    private let kind: Kind
    /// What the classes are called.
    public let labels: [String]

    /// The heads that can be left out.
    public var heads: HeadCounts { text.model.heads }
    /// From text to pieces and back.
    public var tokenizer: Tokenizer { text.tokenizer }
    /// The most pieces of a text or pair that are read, special ones included.
    public var lengthLimit: Int { text.lengthLimit }

    private enum Kind { case oneOf, anyOf, number }

    /// Opens a folder.
    /// - Parameter adapters: a folder of adapters that are made part of the model's weights; nil for none.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    public init(path: String, adapters: String? = nil) throws {
        text = try TextModel(path: path, task: .sequences, adapters: adapters)
        guard case .sequences(let head) = text.model.head else {
            throw PretrainedError.wrongTask(needed: EncoderTask.sequences.description, found: "another", folder: path)
        }
        labels = head.labels
        switch try text.fields.string("problem_type", default: labels.count == 1 ? "regression" : "") {
        case "multi_label_classification": kind = .anyOf
        case "regression": kind = .number
        default: kind = .oneOf
        }
    }

    /// The classes of each text, the likeliest first. Where a text may be of several, probabilities do not sum to 1.
    /// - Throws: `CancellationError` if the task was cancelled.
    public func classify(_ texts: [String]) throws -> [[ScoredLabel]] {
        var run = TaskRun()
        return try classify(texts, in: &run)
    }

    /// The same in a run that says more of it.
    /// - Throws: as above; `PretrainedError` if a text is too long for the run, or there is no head that it asks for.
    public func classify(_ texts: [String], in run: inout TaskRun) throws -> [[ScoredLabel]] {
        try scores(texts.map { EncodingInput($0) }, in: &run).map { scores in
            zip(labels, scores).map { ScoredLabel(label: $0, score: $1) }.sorted { $0.score > $1.score }
        }
    }

    /// The classes of one text.
    /// - Throws: as for several.
    public func classify(_ text: String) throws -> [ScoredLabel] { try classify([text])[0] }

    /// The pieces of each text or pair, special ones included, at most as many as the model reads: what `scores` reads of them.
    /// - Throws: `PretrainedError` if a text is too long for the run.
    public func encode(_ inputs: [EncodingInput], in run: inout TaskRun) throws(PretrainedError) -> [Encoding] {
        try text.encode(inputs, in: &run)
    }

    /// The scores of all classes for each text or pair.
    func scores(_ inputs: [EncodingInput], in run: inout TaskRun) throws -> [[Float]] {
        try scores(of: try encode(inputs, in: &run), in: &run)
    }

    /// The scores of each of `labels`, in their order, for texts or pairs that `encode` has cut into pieces.
    /// - Throws: `PretrainedError` if there is no head that the run asks for; `CancellationError` if the task was cancelled.
    public func scores(of encodings: [Encoding], in run: inout TaskRun) throws -> [[Float]] {
        guard case .sequences(let head) = text.model.head else { return [] }
        return try text.map(encodings, in: &run) { batch, _, states in
            let logits = try head(states, present: batch.present)
            let shares =
                switch kind {
                case .oneOf: try logits.softmax()
                case .anyOf: logits.sigmoid()
                case .number: logits
                }
            let (values, count) = (shares.values, labels.count)
            return (0..<batch.rowCount).map { Array(values[$0 * count..<($0 + 1) * count]) }
        }
    }

    /// Whether the folder says that scores are to be taken as they come.
    var isRaw: Bool {
        get throws {
            let name = try text.fields.string("sbert_ce_default_activation_function", default: "")
            let newer = try text.fields.part("sentence_transformers")?.string("activation_fn", default: "") ?? ""
            return (name + newer).hasSuffix("Identity")
        }
    }
}
