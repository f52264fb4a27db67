public import AttentionMechanisms
public import AttentionTensors
internal import Glibc

/// Attention with weights φ(q_i) · φ(k_j), φ(x) = elu(x) + 1, normalised by their sum: in time linear in the length.
///
/// *Source:* Katharopoulos et al. 2020, *Transformers are RNNs: Fast Autoregressive Transformers with Linear Attention*, sec. 3.2–3.3.
public struct LinearAttention: DirectAttention {
    /// Whether query i sees only keys j ≤ i.
    public var isCausal: Bool
    /// What is added to the sum of weights before the division.
    public var epsilon: Double

    /// Linear attention, on all keys unless it is causal.
    public init(isCausal: Bool = false, epsilon: Double = 0) {
        self.isCausal = isCausal
        self.epsilon = epsilon
    }

    /// - Complexity: O((Q + K) D Dv).
    public func attend(_ query: Tensor, _ memory: Memory) throws(ShapeError) -> Tensor {
        _ = try memory.groupSize(for: query, "linearAttention")
        let memory = try memory.blankingPadding()
        return try kernelAttention(
            Self.features(query), keys: Self.features(memory.keys), memory, isCausal: isCausal, epsilon: epsilon)
    }

    /// φ(x) = elu(x) + 1: x + 1 above 0, eˣ below.
    static func features(_ x: Tensor) -> Tensor {
        x.mapped {
            $0 > 0 ? $0 + 1 : exp($0)
        } derivative: { x, y in
            x > 0 ? 1 : y
        }
    }
}

extension LinearAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "linear_attention", "Linear attention", .efficient,
        formula: "out_i = φ(q_i)ᵀ Σ_j φ(k_j) v_jᵀ / (ε + φ(q_i)ᵀ Σ_j φ(k_j));  φ(x) = elu(x) + 1",
        cost: "time O((Q + K) D Dv), memory O(D Dv)",
        use: "Very long sequences where softmax is too dear; causal, it is a recurrence with a state of fixed size.",
        source: "Katharopoulos et al. 2020, Transformers are RNNs, sec. 3.2–3.3",
        options: [.truth("causal", default: false), .number("epsilon", .from(0), default: 0)],
        example: Example(draws: "output") { try $0.headedWithUnitValues() }
    ) { request in
        let mechanism = LinearAttention(
            isCausal: try request.options.truth("causal"),
            epsilon: try request.options.number("epsilon"))
        return ["output": .real(try mechanism.attend(request.tensor("query"), request.keyValueMemory()))]
    }
}
