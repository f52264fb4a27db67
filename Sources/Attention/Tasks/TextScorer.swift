import AttentionInspection
public import AttentionMechanisms
public import AttentionModels
import AttentionTensors
import AttentionText
internal import Glibc

/// How likely a language model finds texts.
///
/// ```swift
/// let scorer = try TextScorer(path: "SmolLM-135M")
/// print(try scorer.score("The cat sat on the mat.").perplexity)
/// ```
public struct TextScorer: HeadedModel {
    private let model: any LanguageModel
    private let tokenizer: Tokenizer?
    private let path: String

    /// The heads that can be left out.
    public var heads: HeadCounts { model.heads }

    /// What the model finds of a text.
    public struct Score: Sendable, Hashable {
        /// Its tokens.
        public let tokens: [Int]
        /// ln P of each token but the first, given those before it.
        public let logProbabilities: [Float]
        /// ln P of the text behind its first token.
        public var logProbability: Double { logProbabilities.reduce(0) { $0 + Double($1) } }
        /// exp(−mean ln P): how many tokens the model hesitates between; not a number where there is one token only.
        public var perplexity: Double {
            exp(-logProbability / Double(logProbabilities.count))
        }
    }

    /// Opens a folder.
    /// - Parameter cache: how the keys and values of what was read are kept.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `TokenizerError` naming the file and what is wrong with it.
    public init(path: String, cache: PageFormat = .float32) throws {
        let generator = try TextGenerator(path: path, cache: cache)
        guard let model = generator.model.languageModel else {
            throw PretrainedError.wrongTask(
                needed: "a language model", found: try PretrainedFolder(path: path).architecture, folder: path)
        }
        (self.model, tokenizer, self.path) = (model, generator.tokenizer, path)
    }

    /// The score of a text, special tokens included.
    /// - Throws: `PretrainedError` if the folder has no tokenizer, or the text is longer than the model reads.
    public func score(_ text: String) throws -> Score {
        var run = TaskRun()
        return try score(text, in: &run)
    }

    /// The same in a run: where the heads that it asks for looked while the text was read is noted among its traces, unless it has no tokens.
    /// - Throws: as above; `PretrainedError` if there is no head that the run asks for.
    public func score(_ text: String, in run: inout TaskRun) throws -> Score {
        guard let tokenizer else { throw PretrainedError.noTokenizer(folder: path) }
        let encoding = tokenizer.encode(text)
        return try score(encoding.ids, in: &run) { try $0.trace(text, reading: encoding, heads: $1) }
    }

    /// The score of tokens.
    /// - Throws: `PretrainedError` if they are more than the model reads; `ShapeError` if one is not in the vocabulary.
    public func score(tokens: [Int]) throws -> Score {
        var run = TaskRun()
        return try score(tokens: tokens, in: &run)
    }

    /// The same in a run: where the heads that it asks for looked while the tokens were read is noted among its traces.
    /// - Throws: as above and for a text.
    public func score(tokens: [Int], in run: inout TaskRun) throws -> Score {
        try score(tokens, in: &run) { try $0.trace(tokens, heads: $1) }
    }

    private func score(
        _ tokens: [Int], in run: inout TaskRun, _ traced: (TracedDecoder, AttentionSelection) throws -> ModelTrace
    ) throws -> Score {
        let score = Score(tokens: tokens, logProbabilities: try model.logProbabilities(of: tokens))
        guard !run.observing.isEmpty, !tokens.isEmpty else { return score }
        guard let tokenizer else { throw PretrainedError.noTokenizer(folder: path) }
        let decoder = TracedDecoder(name: path.lastName, model: model, tokenizer: tokenizer)
        run.traces.append(try traced(decoder, run.observing))
        return score
    }
}
