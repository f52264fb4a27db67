import AttentionMechanisms
internal import AttentionTensors

/// A family of structures, sequences of labels or trees, that are made of parts: p(z) = exp(Σ_{part ∈ z} θ_part) / Z.
///
/// Structured attention pays to every part its marginal probability, μ_part = Σ_{z ∋ part} p(z) = ∂ ln Z / ∂θ_part.
///
/// *Source:* Kim, Denton, Hoang & Rush 2017, *Structured Attention Networks*, sec. 3.
protocol StructureFamily: Sendable {
    /// How many parts the structures are made of, those of padding included.
    var partCount: Int { get }
    /// ln Z and the marginals of all parts, for structures over the first `length` positions; parts of other positions have marginal 0. No
    /// position at all: ln Z = 0. No possible structure: ln Z = −∞, and every marginal is 0.
    func infer(_ potentials: [Dual], length: Int) -> Inference
}

/// What a family of structures comes to under some potentials.
struct Inference {
    /// ln Z.
    var logPartition: Dual
    /// μ, one per part.
    var marginals: [Dual]
}

extension StructureFamily {
    /// Potentials θ [B, parts] → marginals [B, parts] and ln Z [B], in double precision within.
    ///
    /// dθ = H dμ + μ d ln Z, where H = ∂² ln Z / ∂θ² is symmetric, so H dμ is the derivative of the marginals along dμ: the same inference with
    /// dual numbers whose tangent is dμ.
    /// - Throws: `ShapeError` if the potentials do not fit. One valid length per item is the caller's promise.
    func infer(_ potentials: Tensor, lengths: [Int]) throws(ShapeError) -> (marginals: Tensor, logPartition: Tensor) {
        let (batch, parts) = (lengths.count, partCount)
        guard potentials.shape == [batch, parts] else {
            throw ShapeError("infer", expected: "potentials [\(batch), \(parts)]", found: "\(potentials.shape)")
        }
        let constant = potentials.contiguous().detached()
        // μ and, in the last column, ln Z.
        let both = Tensor(shape: [batch, parts + 1]) { out in
            constant.withElements { potentials in
                Parallel.forEachChunk(of: batch, grain: 1) { items in
                    for item in items {
                        let own = potentials + item * parts
                        let found = infer((0..<parts).map { Dual(value: Double(own[$0])) }, length: lengths[item])
                        let out = out + item * (parts + 1)
                        for part in 0..<parts { out[part] = Float(found.marginals[part].value) }
                        out[parts] = Float(found.logPartition.value)
                    }
                }
            }
        }.derived(from: potentials) { upstream, gradients in
            let gradient = Tensor(shape: constant.shape) { out in
                constant.withElements { potentials in
                    upstream.withElements { upstream in
                        Parallel.forEachChunk(of: batch, grain: 1) { items in
                            for item in items {
                                let (own, along) = (potentials + item * parts, upstream + item * (parts + 1))
                                let duals = (0..<parts).map {
                                    Dual(value: Double(own[$0]), tangent: Double(along[$0]))
                                }
                                let marginals = infer(duals, length: lengths[item]).marginals
                                for (part, marginal) in marginals.enumerated() {
                                    out[item * parts + part] = Float(
                                        marginal.tangent + Double(along[parts]) * marginal.value)
                                }
                            }
                        }
                    }
                }
            }
            gradients.add(gradient, to: potentials)
        }
        return (
            try both.sliced(axis: 1, 0..<parts), try both.sliced(axis: 1, parts..<(parts + 1)).squeezed(axis: 1)
        )
    }
}

/// The lengths themselves, or full ones if there are none.
/// - Throws: `ShapeError` unless there is one per item, from 0 to `limit`.
func checked(
    _ lengths: [Int]?, batch: Int, limit: Int, operation: String
) throws(ShapeError) -> [Int] {
    guard let lengths else { return [Int](repeating: limit, count: batch) }
    guard lengths.count == batch, lengths.allSatisfy({ 0...limit ~= $0 }) else {
        throw ShapeError(operation, expected: "\(batch) lengths from 0 to \(limit)", found: "\(lengths)")
    }
    return lengths
}
