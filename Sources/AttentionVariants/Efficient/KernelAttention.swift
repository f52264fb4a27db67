import AttentionMechanisms
internal import AttentionTensors

/// Attention whose weights are products of features, w_ij = φ(q_i) · φ(k_j), so that sums over the keys can be taken first:
///
///     out_i = φ(q_i)ᵀ Σ_j φ(k_j) v_jᵀ / (ε + φ(q_i)ᵀ Σ_j φ(k_j))
///
/// Causal sums run over j ≤ i and are one pass of a linear recurrence. A denominator of 0 gives a context of 0.
///
/// - Parameters:
///   - query: φ(q), [B, H, Q, M].
///   - keys: φ(k), [B, Hkv, K, M].
///   - memory: the values, and the lengths behind which keys do not count; its padding is blank.
/// - Complexity: O((Q + K) M Dv).
///
/// *Source:* Katharopoulos et al. 2020, *Transformers are RNNs*, eq. 4–5, 9–12.
func kernelAttention(
    _ query: Tensor, keys: Tensor, _ memory: Memory, isCausal: Bool, epsilon: Double = 0
) throws(ShapeError) -> Tensor {
    let features = try keys.keepingFirst(memory.lengths)
    let counted = try concatenated([memory.values, .ones(Shape(keys.shape.dimensions.prefix(3) + [1]))], axis: 3)
    let sums: Tensor  // [B, H, Q, Dv + 1]
    if isCausal {
        let steps = query.shape[2]
        sums = try recurrence(
            query, features.fitted(to: steps), counted.fitted(to: steps), gate: nil, beta: nil, state: nil, scale: 1
        ).output
    } else {
        let state = try matmul(features.transposed(), counted)  // [B, Hkv, M, Dv + 1]
        sums = try matmul(query, state.repeatingHeads(query.shape[1] / keys.shape[1]))
    }
    return try sums.dividedByLastColumn(epsilon: epsilon)
}

extension Tensor {
    /// [B, H, L, D] cut or filled with zeros to `count` rows.
    fileprivate func fitted(to count: Int) throws(ShapeError) -> Tensor {
        let rows = shape[2]
        guard rows < count else { return try sliced(axis: 2, 0..<count) }
        return try concatenated([self, .zeros([shape[0], shape[1], count - rows, shape[3]])], axis: 2)
    }

    /// [..., N + 1] → [..., N]: y_n = x_n / (x_N + ε), and 0 where that sum is 0.
    fileprivate func dividedByLastColumn(epsilon: Double) throws(ShapeError) -> Tensor {
        let count = shape[-1] - 1
        return try mappingRows { row in
            let sum = row[count] + epsilon
            for index in 0..<count { row[index] = sum == 0 ? 0 : row[index] / sum }
            row[count] = 0
        } pullback: { gradient, row, images in
            let sum = row[count] + epsilon
            gradient[count] = 0
            for index in 0..<count {
                gradient[index] = sum == 0 ? 0 : gradient[index] / sum
                gradient[count] -= gradient[index] * images[index]
            }
        }.sliced(axis: -1, 0..<count)
    }
}
