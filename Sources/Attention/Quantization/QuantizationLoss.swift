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

    /// Reads both models, and measures them on the lines of a file: texts, or pairs of texts with a tab between them for encoder–decoders.
    /// - Throws: `QuantizationError.unusableText` if nothing can be measured on them; what the models throw.
    public init(before: String, after: String, file: String) throws {
        let lines = try Self.lines(of: file)
        guard try PretrainedFolder.isOne(at: before) else {
            let models = try (ModelFolder(path: before), ModelFolder(path: after))
            let tokens = models.0.configuration.architecture.special
            func perplexity(_ folder: ModelFolder) throws -> Double {
                try Self.perplexity(folder.model, folder.tokenizer, tokens, lines, file)
            }
            self.init(.perplexity, try perplexity(models.0), try perplexity(models.1))
            return
        }
        let folder = try PretrainedFolder(path: before)
        if folder.family.encoders != nil, folder.family.gguf == nil, try folder.model().generator == nil {
            self.init(.cosine, 1, try Self.cosine(before, after, lines))
        } else if try TextGenerator(path: before).model.languageModel != nil {
            let text = lines.joined(separator: "\n")
            self.init(.perplexity, try Self.perplexity(before, text, file), try Self.perplexity(after, text, file))
        } else {
            func perplexity(_ path: String) throws -> Double {
                let generator = try TextGenerator(path: path)
                guard let tokenizer = generator.tokenizer else { throw PretrainedError.noTokenizer(folder: path) }
                guard let model = generator.model.sequenceToSequence else {
                    throw PretrainedError.wrongTask(
                        needed: "text to read and text to write", found: folder.architecture, folder: path)
                }
                let configuration = generator.configuration
                let special = SpecialTokens(
                    padding: 0, start: configuration.startToken ?? 0, end: configuration.endTokens.min() ?? 0)
                return try Self.perplexity(model, tokenizer, special, lines, file)
            }
            self.init(.perplexity, try perplexity(before), try perplexity(after))
        }
    }

    private init(_ measure: Measure, _ before: Double, _ after: Double) {
        (self.measure, self.before, self.after) = (measure, before, after)
    }

    private static func lines(of file: String) throws -> [String] {
        guard let text = String(validating: try FileContents.read(file), as: UTF8.self) else {
            throw QuantizationError.unusableText(file, expected: "text in UTF-8", found: "other bytes")
        }
        let lines = text.split(separator: "\n").map(String.init)
        guard !lines.isEmpty else {
            throw QuantizationError.unusableText(file, expected: "lines of text", found: "none")
        }
        return lines
    }

    /// Of a language model, in stretches no longer than it reads.
    private static func perplexity(_ path: String, _ text: String, _ file: String) throws -> Double {
        let scorer = try TextScorer(path: path)
        let generator = try TextGenerator(path: path)
        let tokens = try generator.tokens(of: text)
        let length = max(2, min(generator.model.lengthLimit ?? 1024, 1024))
        var (sum, count) = (0.0, 0)
        for start in stride(from: 0, to: tokens.count, by: length) {
            let part = Array(tokens[start..<min(tokens.count, start + length)])
            guard part.count > 1 else { continue }
            let score = try scorer.score(tokens: part)
            (sum, count) = (sum + score.logProbability, count + score.logProbabilities.count)
        }
        guard count > 0 else {
            throw QuantizationError.unusableText(file, expected: "at least 2 tokens", found: "\(tokens.count)")
        }
        return exp(-sum / Double(count))
    }

    /// Of what an encoder–decoder should write behind what it reads.
    private static func perplexity(
        _ model: any SequenceToSequence, _ tokenizer: Tokenizer, _ special: SpecialTokens, _ lines: [String],
        _ file: String
    ) throws -> Double {
        var (sum, count) = (0.0, 0)
        for line in lines {
            let parts = line.split(separator: "\t", maxSplits: 1)
            guard parts.count == 2 else {
                throw QuantizationError.unusableText(
                    file, expected: "lines of two texts with a tab between them", found: "\"\(line.prefix(40))\"")
            }
            func ids(_ text: Substring) -> [Int] {
                tokenizer.encode(String(text), addingSpecialTokens: false).ids + [special.end]
            }
            let batch = SequencePairBatch([(ids(parts[0]), ids(parts[1]))], special: special)
            sum += Double(try model.loss(batch).scalar)
            count += batch.targetTokenCount
        }
        return exp(sum / Double(count))
    }

    private static func cosine(_ before: String, _ after: String, _ lines: [String]) throws -> Double {
        let vectors = try [before, after].map { try TextEmbedder(path: $0).embed(lines) }
        let cosines = zip(vectors[0], vectors[1]).map { first, second in
            func dot(_ x: [Float], _ y: [Float]) -> Double {
                zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            }
            return dot(first, second) / (dot(first, first) * dot(second, second)).squareRoot()
        }
        return cosines.reduce(0, +) / Double(cosines.count)
    }
}
