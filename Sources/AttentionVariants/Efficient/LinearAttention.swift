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
