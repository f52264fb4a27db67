internal import CAttentionKernels

/// Dropout that is decided: how much is dropped, and, by its key, what.
public struct Dropout: Sendable, Hashable {
    /// p, 0 ≤ p < 1.
    public let probability: Float
    /// Where the randomness comes from.
    public let key: RandomKey

    /// Drops each element with this probability.
    /// - Precondition: 0 ≤ p < 1.
    public init(_ probability: Float, key: RandomKey) {
        precondition(probability >= 0 && probability < 1, "Dropout: expected 0 ≤ p < 1, found \(probability)")
        (self.probability, self.key) = (probability, key)
    }

    /// `x.dropout(probability, key: key)`.
    public func callAsFunction(_ x: Tensor) -> Tensor { x.dropout(probability, key: key) }
}

extension Tensor {
    /// Every element kept with probability 1 − p and then divided by it, else 0 (Srivastava et al. 2014).
    ///
    /// Which elements are kept follows from the key and the position alone, so nothing is stored and threads do not matter.
    /// - Precondition: 0 ≤ p < 1.
    public func dropout(_ probability: Float, key: RandomKey) -> Tensor {
        precondition(probability >= 0 && probability < 1, "dropout: expected 0 ≤ p < 1, found \(probability)")
        guard probability > 0 else { return self }
        return thinned(probability, key).derived(from: self) { upstream, gradients in
            gradients.add(upstream.thinned(probability, key), to: self)
        }
    }

    private func thinned(_ probability: Float, _ key: RandomKey) -> Tensor {
        Tensor(shape: shape) { out in
            withElements { x in
                Parallel.forEachChunk(of: shape.elementCount, grain: 16384) { range in
                    let start = range.lowerBound
                    kernels.dropout(out + start, x + start, probability, key.seed, UInt64(start), range.count)
                }
            }
        }
    }
}
