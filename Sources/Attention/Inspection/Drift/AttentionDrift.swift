import AttentionInspection
import AttentionModels
internal import Glibc

/// How far the attention of a model has moved: the mean over heads and places of KL(p ‖ q) = Σ p ln (p / q), where p is where a head looked before, and q
/// where it looks now. 0 where nothing has moved.
///
/// Heads that pruning has taken out of either model are left out; the others are compared by the numbers that they had in the whole one.
///
/// *Source:* Kullback & Leibler 1951, *On Information and Sufficiency*.
public struct AttentionDrift: Sendable, Hashable {
    /// Of each head that both models have, in nats, in the order of layers and heads; by who looks at whom.
    public let heads: [String: [[Double]]]
    /// The mean over all heads.
    public let mean: Double

    /// Reads both models, and compares where they look at these lines, or at pairs of texts with a tab between them. Lines that are too long for a model,
    /// or nothing to it, are passed over.
    /// - Parameter limit: how many lines are read.
    /// - Throws: `AttentionDriftError` if nothing can be compared; what is wrong with the models.
    public init(before: String, after: String, lines: [String], limit: Int = 50) throws {
        let models = (try TraceableModels.model(at: before), try TraceableModels.model(at: after))
        let removed = (try RemovedHeads(at: before), try RemovedHeads(at: after))
        var sums: [String: [[Double]]] = [:]
        var count = 0.0
        for line in lines.prefix(limit) {
            let parts = line.split(separator: "\t", maxSplits: 1).map(String.init)
            let second = parts.count > 1 ? parts[1] : nil
            guard let first = parts.first, let traces = try Self.traces(models, first, second) else { continue }
            guard traces.0.sequences.map(\.pieces) == traces.1.sequences.map(\.pieces) else {
                throw AttentionDriftError.otherPieces(line)
            }
            count += 1
            for (one, two) in zip(traces.0.attention, traces.1.attention) {
                let heads = (removed.0.kept(in: one), removed.1.kept(in: two))
                guard one.kind == two.kind, one.layers == two.layers, heads.0.wholeCount == heads.1.wholeCount else {
                    throw AttentionDriftError.otherHeads(
                        expected: "\(one.kind.rawValue): \(one.layers.count) layers of \(heads.0.wholeCount)",
                        found: "\(two.kind.rawValue): \(two.layers.count) layers of \(heads.1.wholeCount)")
                }
                let divergences = Self.divergences(
                    (one, heads.0.numbers), (two, heads.1.numbers),
                    queryCount: traces.0.queries(of: one).pieces.count)
                let known = sums[one.kind.rawValue] ?? divergences.map { $0.map { _ in 0 } }
                sums[one.kind.rawValue] = zip(known, divergences).map { zip($0, $1).map(+) }
            }
        }
        let lineCount = count
        heads = sums.mapValues { $0.map { $0.map { $0 / lineCount } } }
        let all = heads.values.flatMap { $0.flatMap(\.self) }
        guard !all.isEmpty else { throw AttentionDriftError.nothingRead(lineCount: lines.count) }
        mean = all.reduce(0, +) / Double(all.count)
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

    /// The mean over all places of each head that both have, by layer.
    private static func divergences(
        _ one: (attention: TracedAttention, heads: [[Int]]), _ two: (attention: TracedAttention, heads: [[Int]]),
        queryCount: Int
    ) -> [[Double]] {
        one.heads.indices.map { layer in
            one.heads[layer].enumerated().compactMap { place, head in
                guard let other = two.heads[layer].firstIndex(of: head) else { return nil }
                let (before, after) = (
                    one.attention.weights(layer: layer, head: place), two.attention.weights(layer: layer, head: other)
                )
                var sum = 0.0
                for (p, q) in zip(before, after) where p > 0 {
                    sum += Double(p) * log(Double(p) / Double(max(q, .leastNormalMagnitude)))
                }
                return max(0, sum / Double(max(1, queryCount)))
            }
        }
    }
}

extension TracedAttention {
    /// Where a head looks, by their places among those that were looked into: [Q, K] row-major.
    fileprivate func weights(layer: Int, head: Int) -> ArraySlice<Float> {
        let size = weights.count / max(1, layers.count * heads.count)
        let start = (layer * heads.count + head) * size
        return weights[start..<start + size]
    }
}

/// Attention that cannot be compared.
public enum AttentionDriftError: Error, Sendable, Hashable, CustomStringConvertible {
    /// No line that both models read.
    case nothingRead(lineCount: Int)
    /// What one of them reads or writes is other pieces than what the other does.
    case otherPieces(String)
    /// One of them has other layers or heads.
    case otherHeads(expected: String, found: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .nothingRead(let count):
            "attention drift: expected lines that both models read, found none among \(count); take another text"
        case .otherPieces(let line):
            "attention drift: expected both models to read and write the same pieces, found others in \"\(line.prefix(40))\"; take models of one tokenizer, "
                + "and for models that write lines of two texts with a tab between them"
        case .otherHeads(let expected, let found):
            "attention drift: expected the layers and heads of one model in both (\(expected)), found \(found); compare a model with what was made of it"
        }
    }
}
