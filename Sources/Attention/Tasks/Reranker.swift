public import AttentionModels
import AttentionTensors
public import AttentionText
internal import Glibc

/// How well documents answer a query, by a model that reads both at once (Nogueira & Cho 2019): slower than comparing vectors, and better.
///
/// ```swift
/// let reranker = try Reranker(path: "cross-encoder")
/// let best = try reranker.rank("Who wrote Faust?", ["Goethe wrote it.", "It rains."])[0]
/// ```
public struct Reranker: HeadedModel {
    private let classifier: TextClassifier
    private let isRaw: Bool

    /// The heads that can be left out.
    public var heads: HeadCounts { classifier.heads }

    /// A document and how well it answers.
    public struct Ranked: Sendable, Hashable {
        /// Its place among the documents given.
        public let index: Int
        /// From 0 to 1, unless the folder says that scores are to be taken as they come.
        public let score: Float
    }

    /// Opens a folder of a cross-encoder: a classifier of pairs with one class.
    /// - Parameter adapters: a folder of adapters that are made part of the model's weights; nil for none.
    /// - Throws: `PretrainedError` if it has several classes; else as `TextClassifier`.
    public init(path: String, adapters: String? = nil) throws {
        classifier = try TextClassifier(path: path, adapters: adapters)
        guard classifier.labels.count == 1 else {
            throw PretrainedError.wrongTask(
                needed: "one score for a pair of texts", found: "\(classifier.labels.count) classes", folder: path)
        }
        isRaw = try classifier.isRaw
    }

    /// The documents, the best first.
    /// - Throws: `CancellationError` if the task was cancelled.
    public func rank(_ query: String, _ documents: [String]) throws -> [Ranked] {
        var run = TaskRun()
        return try rank(query, documents, in: &run)
    }

    /// The same in a run that says more of it.
    /// - Throws: as above; `PretrainedError` if a pair is too long for the run, or there is no head that it asks for.
    public func rank(_ query: String, _ documents: [String], in run: inout TaskRun) throws -> [Ranked] {
        let raw = try rawScores(of: try encode(query, documents, in: &run), in: &run)
        return zip(raw.indices, scores(raw)).map { Ranked(index: $0, score: $1) }
            .sorted { ($0.score, $1.index) > ($1.score, $0.index) }
    }

    /// From text to pieces and back.
    public var tokenizer: Tokenizer { classifier.tokenizer }
    /// The most pieces of a pair that are read, special ones included.
    public var lengthLimit: Int { classifier.lengthLimit }

    /// The pieces of the query with each document, special ones included, at most as many as the model reads.
    /// - Throws: `PretrainedError` if a pair is too long for the run.
    public func encode(
        _ query: String, _ documents: [String], in run: inout TaskRun
    ) throws(PretrainedError) -> [Encoding] {
        try classifier.encode(documents.map { EncodingInput(query, pair: $0) }, in: &run)
    }

    /// What the model says of each pair that `encode` has cut into pieces, as it comes.
    /// - Throws: `PretrainedError` if there is no head that the run asks for; `CancellationError` if the task was cancelled.
    public func rawScores(of encodings: [Encoding], in run: inout TaskRun) throws -> [Float] {
        try classifier.scores(of: encodings, in: &run).map { $0[0] }
    }

    /// The same as scores of `Ranked`: from 0 to 1, unless the folder says that they are to be taken as they come.
    public func scores(_ raw: [Float]) -> [Float] { isRaw ? raw : raw.map { 1 / (1 + exp(-$0)) } }
}
