internal import AttentionTensors
internal import Glibc

/// What a hypothesis loses for the parts of the source that it has not looked at:
///
///     loss = −β Σ_i ln min(Σ_j α_ij, 1)
///
/// α_ij is the share of its attention that target token j gave to source token i. Source: Wu et al. 2016, equation 14.
///
/// A source token that was not looked at at all counts as one that got a ten-thousandth of a look. Models without attention, which do not
/// say where they look, lose nothing.
public struct CoveragePenalty: Sendable, Hashable {
    /// β; 0 for no penalty.
    public var weight: Double
    /// Whose attention counts.
    public var look: Look

    /// The part of a decoder whose attention counts.
    public enum Look: Sendable, Hashable {
        /// The mean of all heads of all layers.
        case mean
        /// One head, counted from 0; the mean if there is none such.
        case head(layer: Int, head: Int)
    }

    /// A penalty of this weight.
    public init(weight: Double, look: Look = .mean) { (self.weight, self.look) = (weight, look) }

    /// The loss of a hypothesis of `tokenCount` tokens that looked at [L, H, K] each, the first `sourceLength` of K being the source.
    func loss(_ alignments: [Tensor], tokenCount: Int, sourceLength: Int?) -> Double {
        guard weight > 0 else { return 0 }
        guard let first = alignments.first else {
            return tokenCount == 0 ? loss([Double](repeating: 0, count: sourceLength ?? 0)) : 0
        }
        let (layers, heads, keys) = (first.shape[0], first.shape[1], first.shape[2])
        var coverage = [Double](repeating: 0, count: min(sourceLength ?? keys, keys))
        let rows: [Int]
        if case .head(let layer, let head) = look, (0..<layers).contains(layer), (0..<heads).contains(head) {
            rows = [layer * heads + head]
        } else {
            rows = Array(0..<layers * heads)
        }
        for alignment in alignments {
            alignment.withElements { elements in
                for row in rows {
                    for key in coverage.indices {
                        coverage[key] += Double(elements[row * keys + key]) / Double(rows.count)
                    }
                }
            }
        }
        return loss(coverage)
    }

    private func loss(_ coverage: [Double]) -> Double {
        -weight * coverage.reduce(0) { $0 + log(min(max($1, 1e-4), 1)) }
    }
}
