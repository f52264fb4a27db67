public import AttentionTensors
internal import Glibc

/// A normalizer that shares out every query's attention by itself, from the scores of the keys that this query may see.
///
/// A new one is its two row functions. They never meet a mask: the scores come without gaps, in the order of the keys, in double
/// precision, and a row without any is not shown. Forbidden pairs have weight 0 and gradient 0 by construction.
public protocol RowNormalizer: Normalizer {
    /// Replaces the scores z of the visible keys, at least one, by their weights P.
    func weigh(_ row: inout [Double])
    /// Replaces dL/dP by dL/dz.
    func pullBack(_ gradient: inout [Double], scores: [Double], weights: [Double])
}

extension RowNormalizer {
    public func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor {
        try scores.mappingRows(visible: visible) {
            weigh(&$0)
        } pullback: {
            pullBack(&$0, scores: $1, weights: $2)
        }
    }
}

/// P = exp(z − max z) / Σ exp(z − max z).
func softmaxRow(_ row: inout [Double]) {
    let maximum = row.max() ?? 0
    for index in row.indices { row[index] = exp(row[index] - maximum) }
    let sum = row.reduce(0, +)
    for index in row.indices { row[index] /= sum }
}

/// dz = P (dP − Σ P dP).
func pullBackSoftmaxRow(_ gradient: inout [Double], weights: [Double]) {
    let mean = zip(gradient, weights).reduce(0) { $0 + $1.0 * $1.1 }
    for index in gradient.indices { gradient[index] = weights[index] * (gradient[index] - mean) }
}

/// dz = u (dP − Σ u dP / Σ u) with u = P^(2 − α) where P > 0, and 0 elsewhere: the derivative of α-entmax, of which sparsemax is α = 2.
///
/// *Source:* Peters, Niculae & Martins 2019, *Sparse Sequence-to-Sequence Models*, proposition 2.
func pullBackEntmaxRow(_ gradient: inout [Double], weights: [Double], alpha: Double) {
    let shares = weights.map { $0 > 0 ? pow($0, 2 - alpha) : 0 }
    let mean = zip(gradient, shares).reduce(0) { $0 + $1.0 * $1.1 } / shares.reduce(0, +)
    for index in gradient.indices { gradient[index] = shares[index] * (gradient[index] - mean) }
}
