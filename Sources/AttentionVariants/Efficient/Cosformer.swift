public import AttentionMechanisms
public import AttentionTensors
internal import Glibc

/// Attention with weights relu(q_i) · relu(k_j) cos(π/2 · (i − j) / M), M the longer of both lengths, normalised by their sum.
///
/// The cosine of a difference splits into cosines and sines of i and of j, hence into features: in time linear in the length.
///
/// *Source:* Qin et al. 2022, *cosFormer: Rethinking Softmax in Attention*, sec. 3.3, eq. 9–10.
public struct Cosformer: DirectAttention {
    /// Whether query i sees only keys j ≤ i.
    public var isCausal: Bool

    /// A cosFormer, on all keys unless it is causal.
    public init(isCausal: Bool = false) { self.isCausal = isCausal }

    /// - Complexity: O((Q + K) D Dv).
    public func attend(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        _ = try memory.groupSize(for: query, "cosformer")
        let memory = try memory.blankingPadding()
        let span = max(query.shape[2], memory.keyCount)
        return try kernelAttention(
            try Self.features(query, span: span), keys: try Self.features(memory.keys, span: span), memory,
            isCausal: isCausal)
    }

    /// relu(x) cos θ_i beside relu(x) sin θ_i, θ_i = π i / 2M: [B, H, L, 2D].
    private static func features(_ x: Tensor, span: Int) throws(ShapeError) -> Tensor {
        let angles = (0..<x.shape[2]).map { Double($0) * .pi / Double(2 * span) }
        let (rectified, column) = (x.relu(), Shape([x.shape[2], 1]))
        return try concatenated(
            [
                rectified * (try Tensor(angles.map { Float(cos($0)) }, shape: column)),
                rectified * (try Tensor(angles.map { Float(sin($0)) }, shape: column)),
            ], axis: 3)
    }
}

extension Cosformer {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "cosformer", "cosFormer", .efficient,
        formula: "w_ij = relu(q_i)·relu(k_j) cos(π/2 (i−j)/M), M = max(Q, K);  out_i = Σ_j w_ij v_j / Σ_j w_ij",
        cost: "time O((Q + K) D Dv), memory O(D Dv)",
        use: "Linear attention that prefers near positions, without random features.",
        source: "Qin et al. 2022, cosFormer: Rethinking Softmax in Attention, sec. 3.3",
        options: [.truth("causal", default: false)],
        example: Example(["causal": .truth(false)], draws: "output") { try $0.headedWithUnitValues() }
    ) { request in
        let mechanism = Cosformer(isCausal: try request.options.truth("causal"))
        return ["output": .real(try mechanism.attend(request.tensor("query"), request.keyValueMemory()))]
    }
}
