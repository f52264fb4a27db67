import AttentionInspection
import AttentionModels
internal import Glibc

/// How far the attention of a model has moved: the mean over heads and places of KL(p ‖ q) = Σ p ln (p / q), where p is where a head looked before, and q
/// where it looks now. 0 where nothing has moved.
///
/// *Source:* Kullback & Leibler 1951, *On Information and Sufficiency*.
public struct AttentionDrift: Sendable, Hashable {
    /// Of each head, in nats, in the order of layers and heads; by who looks at whom.
    public let heads: [String: [[Double]]]
    /// The mean over all heads.
    public let mean: Double

    /// Reads both models, and compares where they look at lines of a file, or at pairs of texts with a tab between them. Lines that are too long for a model,
    /// or nothing to it, are passed over.
    /// - Parameter limit: how many lines are read.
    /// - Throws: `QuantizationError.unusableText` if nothing can be compared; what is wrong with the models.
    public init(before: String, after: String, file: String, limit: Int = 50) throws {
        let text = try QuantizationText(file)
        let models = (try TraceableModels.model(at: before), try TraceableModels.model(at: after))
        var sums: [String: [[Double]]] = [:]
        var count = 0.0
        for line in text.lines.prefix(limit) {
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            let second = parts.count > 1 ? parts[1] : nil
            guard let first = parts.first, let traces = try Self.traces(models, first, second) else { continue }
            count += 1
            for (one, two) in zip(traces.0.attention, traces.1.attention) {
                let queries = traces.0.queries(of: one).pieces.count
                let divergences = Self.divergences(one, two, queryCount: queries)
                let known = sums[one.kind.rawValue] ?? divergences.map { $0.map { _ in 0 } }
                sums[one.kind.rawValue] = zip(known, divergences).map { zip($0, $1).map(+) }
            }
        }
        guard count > 0, !sums.isEmpty else {
            throw QuantizationError.unusableText(file, expected: "lines that the model reads", found: "none")
        }
        let lineCount = count
        heads = sums.mapValues { $0.map { $0.map { $0 / lineCount } } }
        let all = heads.values.flatMap { $0.flatMap(\.self) }
        mean = all.reduce(0, +) / Double(max(1, all.count))
    }

    private static func traces(
        _ models: (any TraceableModel, any TraceableModel), _ text: String, _ second: String?
    ) throws -> (ModelTrace, ModelTrace)? {
        do {
            return (
                try models.0.trace(text, and: second, heads: .all), try models.1.trace(text, and: second, heads: .all)
            )
        } catch is TranslationError {
            return nil
        } catch PretrainedError.tooLong {
            return nil
        }
    }

    /// The mean over all places of each head, by layer.
    private static func divergences(
        _ one: TracedAttention, _ two: TracedAttention, queryCount: Int
    ) -> [[Double]] {
        let headSize = one.weights.count / max(1, one.layers.count * one.heads.count)
        return one.layers.indices.map { layer in
            one.heads.indices.map { head in
                let start = (layer * one.heads.count + head) * headSize
                var sum = 0.0
                for place in start..<start + headSize where one.weights[place] > 0 {
                    let (p, q) = (Double(one.weights[place]), Double(max(two.weights[place], .leastNormalMagnitude)))
                    sum += p * log(p / q)
                }
                return max(0, sum / Double(max(1, queryCount)))
            }
        }
    }
}
