public import AttentionMechanisms
public import AttentionTensors

/// softmax(q over features) · (softmax(k over positions)ᵀ v): keys are summed up as D global contexts, which queries mix.
///
/// *Source:* Shen et al. 2021, *Efficient Attention: Attention with Linear Complexities*, sec. 3.2.
public struct EfficientAttention: DirectAttention {
    /// Efficient attention, without parameters.
    public init() {}

    /// - Complexity: O((Q + K) D Dv).
    public func attend(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        let group = try memory.groupSize(for: query, "efficientAttention")
        let shares = try memory.keys.transposed().softmax(visible: memory.realKeys)  // [B, Hkv, D, K]
        let contexts = try matmul(shares, try memory.blankingPadding().values)  // [B, Hkv, D, Dv]
        return try matmul(try query.softmax(), try contexts.repeatingHeads(group))
    }
}
