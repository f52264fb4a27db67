public import AttentionTensors
internal import Glibc

/// Softmax over the alignments that stay or advance by one key: a_i(j) ∝ (a_i−1(j) + a_i−1(j − 1)) exp(e_ij), a_−1 = all on the first key.
///
/// Softmax's own denominator cancels, and the maximum is taken over the keys that can be reached, so that no score, however large
/// elsewhere, makes a row vanish. The state is a_i−1.
///
/// *Source:* Zhang, Ling & Dai 2018, *Forward Attention in Sequence-to-Sequence Acoustic Modeling for Speech Synthesis*, algorithm 1.
public struct ForwardNormalizer: SequentialNormalizer {
    public func start(_ memory: Memory) -> Tensor { memory.weightsOnFirstKey() }

    public func normalize(_ scores: Tensor, _ memory: Memory, _ state: inout Tensor) throws(ShapeError) -> Tensor {
        state = try Tensor.joiningRows([scores, state], size: memory.keyCount, lengths: memory.lengths) { rows, count in
            ReachableKeys(scores: rows[0], previous: rows[1], count: count).weights
        } pullback: { gradient, rows, count in
            let keys = ReachableKeys(scores: rows[0], previous: rows[1], count: count)
            let mean = zip(gradient, keys.weights).reduce(0) { $0 + $1.0 * $1.1 }
            // Nothing flows to keys out of reach: no change of the scores brings them into it.
            let dMass = (0..<count).map { keys.mass[$0] > 0 ? keys.factors[$0] * (gradient[$0] - mean) : 0 }
            return [
                (0..<count).map { keys.weights[$0] * (gradient[$0] - mean) },
                (0..<count).map { dMass[$0] + ($0 + 1 < count ? dMass[$0 + 1] : 0) },
            ]
        }
        return state
    }
}

/// One step of the recurrence.
private struct ReachableKeys {
    /// a_i−1(j) + a_i−1(j − 1).
    let mass: [Double]
    /// a_i(j) / mass(j) where there is mass.
    let factors: [Double]
    /// a_i.
    let weights: [Double]

    init(scores: [Double], previous: [Double], count: Int) {
        // Written so that the compiler need not search for types: as one expression each, these took it three seconds.
        let mass = (0..<count).map { (j: Int) -> Double in j > 0 ? previous[j] + previous[j - 1] : previous[j] }
        let maximum = (0..<count).filter { mass[$0] > 0 }.map { scores[$0] }.max() ?? 0
        let powers = (0..<count).map { (j: Int) -> Double in mass[j] > 0 ? exp(scores[j] - maximum) : 0 }
        var sum = 0.0
        for (mass, power) in zip(mass, powers) { sum += mass * power }
        self.mass = mass
        factors = powers.map { sum > 0 ? $0 / sum : 0 }
        weights = zip(mass, factors).map(*)
    }
}

extension SequentialNormalizer where Self == ForwardNormalizer {
    /// Softmax over the alignments that stay or advance by one key.
    public static var forward: ForwardNormalizer { ForwardNormalizer() }
}

extension ForwardNormalizer {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "forward_attention", "Forward attention", .sequential,
        formula: "a_i(j) ∝ (a_i−1(j) + a_i−1(j − 1)) softmax(e_i)_j",
        cost: "O(QK) time", use: "Speech synthesis: alignments that stay or advance by one.",
        source: "Zhang, Ling & Dai 2018, Forward Attention in Sequence-to-Sequence Acoustic Modeling, algorithm 1",
        example: Example { try $0.energetic() }
    ) { request in
        let (energy, memory) = try request.energies("energy")
        return try .reading(ForwardNormalizer.forward.align(scores: energy, memory))
    }

    /// How a decoder gets it.
    public static let sequential = SequentialDescriptor(
        descriptor, .drawn { MonotonicAttention(score: .comparing($0, key: $1), normalizer: .forward) })
}
