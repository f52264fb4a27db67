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

extension HardMonotonicNormalizer {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "monotonic_hard", "Monotonic attention, hard", .sequential,
        formula: "step i takes the first j from the last choice on with e_ij > 0",
        cost: "O(Q + K) choices", use: "Reading online: each step looks at one place, and never back.",
        source: "Raffel, Luong, Liu, Weiss & Eck 2017, Online and Linear-Time Attention by Enforcing Monotonic "
            + "Alignments, algorithm 1",
        example: Example { try $0.energetic() }
    ) { request in
        let (energy, memory) = try request.energies("energy")
        let reading = try HardMonotonicNormalizer.hardMonotonic.align(scores: energy, memory)
        var outputs = try Outputs.reading(reading)
        outputs["index"] = reading.weights.choices()
        return outputs
    }

    /// How a decoder gets it.
    public static let sequential = SequentialDescriptor(
        descriptor, .refused("one that gradients flow through, such as monotonic_soft"))
}

extension Tensor {
    /// The key that each query [B, 1, Q] chose, −1 if none.
    fileprivate func choices() -> OutputTensor {
        let (batch, queries, keys) = (shape[0], shape[2], shape[3])
        let values = values
        let indices = (0..<batch * queries).map { row in
            values[row * keys..<(row + 1) * keys].firstIndex(of: 1).map { $0 - row * keys } ?? -1
        }
        return .integers(indices, shape: [batch, queries])
    }
}
