public import AttentionTensors

/// The monotonic process itself, as it is run at test time: step i takes the first key from the last choice on with p > 1/2 (e > 0).
///
/// A step that finds none has no weights, and the next one goes on from the same place. No gradient flows to the scores. The state is the
/// place of the last choice.
///
/// *Source:* Raffel, Luong, Liu, Weiss & Eck 2017, *Online and Linear-Time Attention by Enforcing Monotonic Alignments*, algorithm 1.
public struct HardMonotonicNormalizer: SequentialNormalizer {
    public func start(_ memory: Memory) -> Tensor { .zeros([memory.keyShape[0], memory.keyShape[1], 1, 1]) }

    public func normalize(_ scores: Tensor, _ memory: Memory, _ state: inout Tensor) throws(ShapeError) -> Tensor {
        let place = try Tensor.joiningRows([scores.detached(), state], size: 1) { rows, _ in
            [Double(rows[0].indices.first { Double($0) >= rows[1][0] && rows[0][$0] > 0 } ?? rows[0].count)]
        } pullback: { _, _, _ in
            []
        }
        let lengths = memory.lengths
        let heads = memory.keyShape[1]
        var (next, weights) = (state.values, [Float](repeating: 0, count: scores.shape.elementCount))
        for (row, choice) in place.values.enumerated() {
            guard Int(choice) < lengths.map({ $0[row / heads] }) ?? memory.keyCount else { continue }
            next[row] = choice
            weights[row * memory.keyCount + Int(choice)] = 1
        }
        state = try Tensor(next, shape: state.shape)
        return try Tensor(weights, shape: scores.shape)
    }
}

extension SequentialNormalizer where Self == HardMonotonicNormalizer {
    /// The first key from the last choice on with a score above 0.
    public static var hardMonotonic: HardMonotonicNormalizer { HardMonotonicNormalizer() }
}
