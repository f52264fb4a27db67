public import AttentionTensors
internal import Glibc

/// Softmax within the chunk of w keys that ends where the monotonic process stopped, averaged over where it may have stopped:
///
///     b_ij = Σ_{k = j}^{j + w − 1} a_ik exp(u_ij) / Σ_{l = max(0, k − w + 1)}^{k} exp(u_il).
///
/// - Parameters:
///   - monotonic: a, [B, …, K], the weights of `MonotonicNormalizer`.
///   - chunkEnergy: u, of the same shape.
///   - width: w; nil looks back to the first key (MILk).
///   - lengths: how many keys of each item are real.
/// - Throws: `ShapeError` if the shapes do not fit or the width is not above 0.
/// - Complexity: O(K w) a row.
///
/// *Source:* Chiu & Raffel 2018, *Monotonic Chunkwise Attention*, sec. 2.3–2.4; Arivazhagan et al. 2019, *Monotonic Infinite Lookback
/// Attention*, sec. 3.
public func chunkwiseWeights(
    monotonic: Tensor, chunkEnergy: Tensor, width: Int?, lengths: [Int]? = nil
) throws(ShapeError) -> Tensor {
    try require(
        monotonic.shape == chunkEnergy.shape && monotonic.shape.rank >= 2, "chunkwise attention",
        expected: "chunk energies \(monotonic.shape)", found: "\(chunkEnergy.shape)")
    try require(
        width.map { $0 > 0 } ?? true, "chunkwise attention", expected: "a width above 0", found: "\(width ?? 0)")
    let limit = width ?? Int.max
    return try Tensor.joiningRows([monotonic, chunkEnergy], size: monotonic.shape[-1], lengths: lengths) {
        rows, count in
        var weights = [Double](repeating: 0, count: count)
        for end in 0..<count {
            for (key, share) in chunk(ending: end, rows[1], limit) { weights[key] += rows[0][end] * share }
        }
        return weights
    } pullback: { gradient, rows, count in
        var (dMonotonic, dEnergy) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        for end in 0..<count {
            let shares = chunk(ending: end, rows[1], limit)
            let mean = shares.reduce(0) { $0 + $1.share * gradient[$1.key] }
            dMonotonic[end] = mean
            for (key, share) in shares { dEnergy[key] += rows[0][end] * share * (gradient[key] - mean) }
        }
        return [dMonotonic, dEnergy]
    }
}

/// Softmax over the keys of the chunk that ends at `end`.
private func chunk(ending end: Int, _ energies: [Double], _ width: Int) -> [(key: Int, share: Double)] {
    let keys = max(0, end - min(width, end + 1) + 1)...end
    let maximum = energies[keys].max() ?? 0
    let powers = energies[keys].map { exp($0 - maximum) }
    let sum = powers.reduce(0, +)
    return zip(keys, powers).map { ($0, $1 / sum) }
}
