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

extension EfficientAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "efficient_attention", "Efficient attention", .efficient,
        formula: "out = softmax_features(q) (softmax_positions(k)ᵀ v)",
        cost: "time O((Q + K) D Dv), memory O(D Dv)",
        use: "Vision at high resolution: D global contexts are gathered once and mixed by every query.",
        source: "Shen et al. 2021, Efficient Attention: Attention with Linear Complexities, sec. 3.2",
        example: Example(draws: "output") { try $0.headedWithUnitValues() }
    ) { request in
        let context = try EfficientAttention().attend(request.tensor("query"), request.keyValueMemory())
        return ["output": .real(context)]
    }
}
