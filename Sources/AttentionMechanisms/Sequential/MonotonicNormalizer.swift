public import AttentionTensors

/// The expected alignment of a process that only ever moves right: at step i it goes on from where step i − 1 stopped and stops at key j
/// with probability p_ij = σ(e_ij):
///
///     q_ij = (1 − p_i,j−1) q_i,j−1 + a_i−1,j,   a_ij = p_ij q_ij,   a_−1 = all on the first key.
///
/// What stops nowhere is lost, so rows sum to 1 or less. The state is a_i−1.
///
/// *Source:* Raffel, Luong, Liu, Weiss & Eck 2017, *Online and Linear-Time Attention by Enforcing Monotonic Alignments*, eq. 9, 11–14
/// (the recurrence, which needs no division).
public struct MonotonicNormalizer: SequentialNormalizer {
    public func start(_ memory: Memory) -> Tensor { memory.weightsOnFirstKey() }

    public func normalize(_ scores: Tensor, _ memory: Memory, _ state: inout Tensor) throws(ShapeError) -> Tensor {
        state = try Tensor.joiningRows([scores, state], size: memory.keyCount, lengths: memory.lengths) { rows, count in
            let (scores, previous) = (rows[0], rows[1])
            var arriving = 0.0
            return (0..<count).map { j in
                arriving = (j > 0 ? logistic(-scores[j - 1]) * arriving : 0) + previous[j]
                return logistic(scores[j]) * arriving
            }
        } pullback: { gradient, rows, count in
            let (scores, previous) = (rows[0], rows[1])
            var arriving: [Double] = []
            for j in 0..<count {
                arriving.append((j > 0 ? logistic(-scores[j - 1]) * arriving[j - 1] : 0) + previous[j])
            }
            var (dScores, dPrevious) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
            for j in (0..<count).reversed() {
                // q_j feeds a_j, with probability p_j, and q_j+1, with the rest.
                let onwards = j + 1 < count ? dPrevious[j + 1] : 0
                let (stop, pass) = (logistic(scores[j]), logistic(-scores[j]))
                dPrevious[j] = stop * gradient[j] + pass * onwards
                dScores[j] = stop * pass * arriving[j] * (gradient[j] - onwards)
            }
            return [dScores, dPrevious]
        }
        return state
    }
}

extension SequentialNormalizer where Self == MonotonicNormalizer {
    /// The expected alignment of a process that only ever moves right.
    public static var monotonic: MonotonicNormalizer { MonotonicNormalizer() }
}

extension MonotonicNormalizer {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "monotonic_soft", "Monotonic attention, in expectation", .sequential,
        formula: "p = σ(e), q_ij = (1 − p_i,j−1) q_i,j−1 + a_i−1,j, a_ij = p_ij q_ij",
        cost: "O(QK) time", use: "Training of models that shall later read their input online.",
        source: "Raffel, Luong, Liu, Weiss & Eck 2017, Online and Linear-Time Attention by Enforcing Monotonic "
            + "Alignments, eq. 9, 11-14",
        example: Example { try $0.energetic() }
    ) { request in
        let (energy, memory) = try request.energies("energy")
        return try .reading(MonotonicNormalizer.monotonic.align(scores: energy, memory))
    }

    /// How a decoder gets it.
    public static let sequential = SequentialDescriptor(
        descriptor, .drawn { MonotonicAttention(score: .stopping($0, key: $1)) })
}
