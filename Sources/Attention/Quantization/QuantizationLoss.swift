import AttentionDecoding
import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionText
internal import Glibc

/// What a model loses by being stored in fewer bits, measured on a text.
public struct QuantizationLoss: Sendable, Hashable {
    /// What is measured.
    public enum Measure: String, Sendable {
        /// exp(mean −ln P) of the tokens of the text; for encoder–decoders, of the second texts behind the first ones.
        case perplexity
        /// The mean cosine between the vectors of the lines before and after.
        case cosine
    }

    /// What is measured.
    public let measure: Measure
    /// Of the model as it was: of a cosine, 1.
    public let before: Double
    /// Of the model in fewer bits.
    public let after: Double
    /// How long the model as it was took for the text, in seconds, once it was open.
    public let secondsBefore: Double
    /// How long the model in fewer bits took.
    public let secondsAfter: Double

    /// What is lost, in percent: how much the perplexity has risen, or what the cosine lacks to 1.
    public var percent: Double {
        switch measure {
        case .perplexity: (after / before - 1) * 100
        case .cosine: (1 - after) * 100
        }
    }

    /// Reads both models, and measures them on the lines of a file: texts, or pairs of texts with a tab between them for encoder–decoders.
    /// - Throws: `QuantizationError.unusableText` if nothing can be measured on them; what the models throw.
    public init(before: String, after: String, file: String) throws {
        let text = try QuantizationText(file)
        try self.init(before: try Self.opened(before, text), after: try Self.opened(after, text))
    }

    /// A model that is ready to be measured.
    enum Opened {
        case perplexity(() throws -> Double)
        case vectors(() throws -> [[Float]])
    }

    private init(before: Opened, after: Opened) throws {
        switch (before, after) {
        case (.perplexity(let before), .perplexity(let after)):
            measure = .perplexity
            (self.before, secondsBefore) = try Self.timed(before)
            (self.after, secondsAfter) = try Self.timed(after)
        case (.vectors(let before), .vectors(let after)):
            (measure, self.before) = (.cosine, 1)
            let (first, second) = (try Self.timed(before), try Self.timed(after))
            (secondsBefore, secondsAfter) = (first.1, second.1)
            self.after = Self.cosine(first.0, second.0)
        case (.perplexity, .vectors), (.vectors, .perplexity):
            (measure, self.before, self.after, secondsBefore, secondsAfter) = (.cosine, 1, 0, 0, 0)
        }
    }

    private static func timed<Value>(_ body: () throws -> Value) rethrows -> (Value, Double) {
        let start = ContinuousClock.now
        let value = try body()
        return (value, (ContinuousClock.now - start) / .seconds(1))
    }

    /// A model of any kind that can be stored in few bits.
    private static func opened(_ path: String, _ text: QuantizationText) throws -> Opened {
        guard try PretrainedFolder.isOne(at: path) else {
            let folder = try ModelFolder(path: path)
            let special = folder.configuration.architecture.special
            return .perplexity { try perplexity(folder.model, folder.tokenizer, special, text) }
        }
        let folder = try PretrainedFolder(path: path)
        if folder.family.encoders != nil, folder.family.gguf == nil, try folder.model().generator == nil {
            let embedder = try TextEmbedder(path: path)
            return .vectors { try embedder.embed(text.lines) }
        }
        let generator = try TextGenerator(path: path)
        if generator.model.languageModel != nil {
            let scorer = try TextScorer(path: path)
            return .perplexity { try perplexity(generator, scorer, text) }
        }
        guard let tokenizer = generator.tokenizer else { throw PretrainedError.noTokenizer(folder: path) }
        guard let model = generator.model.sequenceToSequence else {
            throw PretrainedError.wrongTask(
                needed: "text to read and text to write", found: folder.architecture, folder: path)
        }
        let configuration = generator.configuration
        let special = SpecialTokens(
            padding: 0, start: configuration.startToken ?? 0, end: configuration.endTokens.min() ?? 0)
        return .perplexity { try perplexity(model, tokenizer, special, text) }
    }

    /// Of a language model, in stretches no longer than it reads.
    private static func perplexity(
        _ generator: TextGenerator, _ scorer: TextScorer, _ text: QuantizationText
    ) throws -> Double {
        let tokens = try generator.tokens(of: text.lines.joined(separator: "\n"))
        let length = max(2, min(generator.model.lengthLimit ?? 1024, 1024))
        var (sum, count) = (0.0, 0)
        for start in stride(from: 0, to: tokens.count, by: length) {
            let part = Array(tokens[start..<min(tokens.count, start + length)])
            guard part.count > 1 else { continue }
            let score = try scorer.score(tokens: part)
            (sum, count) = (sum + score.logProbability, count + score.logProbabilities.count)
        }
        guard count > 0 else {
            throw QuantizationError.unusableText(text.file, expected: "at least 2 tokens", found: "\(tokens.count)")
        }
        return exp(-sum / Double(count))
    }

    /// Of what an encoder–decoder should write behind what it reads.
    private static func perplexity(
        _ model: any SequenceToSequence, _ tokenizer: Tokenizer, _ special: SpecialTokens, _ text: QuantizationText
    ) throws -> Double {
        var (sum, count) = (0.0, 0)
        for (source, target) in try text.pairs() {
            func ids(_ text: String) -> [Int] { tokenizer.encode(text, addingSpecialTokens: false).ids + [special.end] }
            let batch = SequencePairBatch([(ids(source), ids(target))], special: special)
            sum += Double(try model.loss(batch).scalar)
            count += batch.targetTokenCount
        }
        return exp(sum / Double(count))
    }

    private static func cosine(_ before: [[Float]], _ after: [[Float]]) -> Double {
        let cosines = zip(before, after).map { first, second in
            func dot(_ x: [Float], _ y: [Float]) -> Double {
                zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            }
            return dot(first, second) / (dot(first, first) * dot(second, second)).squareRoot()
        }
        return cosines.reduce(0, +) / Double(max(1, cosines.count))
    }
}
