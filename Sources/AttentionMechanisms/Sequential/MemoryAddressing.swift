public import AttentionTensors
internal import Glibc

/// How a head of a Neural Turing Machine finds its place in a memory: by content, or by moving on from where it was.
///
///     w_c = softmax(strength · cos(key, memory_n))
///     w_g = gate · w_c + (1 − gate) · w before
///     w_s(i) = Σ_d shift(d) w_g((i − d) mod N),  d = −r … r
///     w = w_s^sharpness / Σ w_s^sharpness
///
/// *Source:* Graves, Wayne & Danihelka 2014, *Neural Turing Machines*, eq. 5–9 (the paper's β, g, s and γ).
public struct MemoryAddressing: Sendable {
    /// What is sought, [B, D].
    public var key: Tensor
    /// β, [B].
    public var strength: Tensor
    /// g, [B], from 0 to 1.
    public var gate: Tensor
    /// s, [B, 2r + 1], a distribution.
    public var shift: Tensor
    /// γ, [B], at least 1.
    public var sharpness: Tensor
    /// What is added to |key| |memory_n|.
    public var epsilon: Float

    /// An address of these parts.
    public init(
        key: Tensor, strength: Tensor, gate: Tensor, shift: Tensor, sharpness: Tensor, epsilon: Float = 1e-8
    ) {
        self.key = key
        self.strength = strength
        self.gate = gate
        self.shift = shift
        self.sharpness = sharpness
        self.epsilon = epsilon
    }

    /// What is read from a memory [B, N, D] by a head whose weights were `previous` [B, N]: its new weights and its weights by content
    /// alone, both [B, N], and the content [B, D].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func read(
        _ memory: Tensor, previous: Tensor
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor, contentWeights: Tensor) {
        try check(memory, previous)
        let content = try (similarities(memory) * strength.unsqueezed(axis: 1)).softmax()
        let share = gate.unsqueezed(axis: 1)
        let weights = try sharpened(try shifted(share * content + (1 - share) * previous))
        return (try matmul(weights.unsqueezed(axis: 1), memory).squeezed(axis: 1), weights, content)
    }

    private func check(_ memory: Tensor, _ previous: Tensor) throws(ShapeError) {
        try require(
            memory.shape.rank == 3 && key.shape == [memory.shape[0], memory.shape[2]]
                && previous.shape == [memory.shape[0], memory.shape[1]], "addressing",
            expected: "a key [B, D], a memory [B, N, D] and weights [B, N]",
            found: "\(key.shape), \(memory.shape) and \(previous.shape)")
        let scalars = [strength, gate, sharpness]
        try require(
            scalars.allSatisfy { $0.shape == [memory.shape[0]] }, "addressing",
            expected: "a strength, a gate and a sharpness [\(memory.shape[0])]", found: "\(scalars.map(\.shape))")
        try require(
            shift.shape.rank == 2 && shift.shape[0] == memory.shape[0] && shift.shape[1] % 2 == 1, "addressing",
            expected: "a shift [\(memory.shape[0]), 2r + 1]", found: "\(shift.shape)")
    }

    /// cos(key, memory_n), [B, N].
    private func similarities(_ memory: Tensor) throws(ShapeError) -> Tensor {
        let products = try matmul(memory, key.unsqueezed(axis: 2)).squeezed(axis: 2)
        let lengths = try memory.rowLengths() * key.rowLengths().unsqueezed(axis: 1)
        return products / (lengths + epsilon)
    }

    /// w_s, a circular convolution.
    private func shifted(_ weights: Tensor) throws(ShapeError) -> Tensor {
        let count = weights.shape[1]
        return try Tensor.joiningRows([weights, shift], size: count) { rows, count in
            var result = [Double](repeating: 0, count: count)
            forEachShift(rows[1].count, of: count) { tap, from, to in result[to] += rows[1][tap] * rows[0][from] }
            return result
        } pullback: { gradient, rows, count in
            var (dWeights, dShift) = (
                [Double](repeating: 0, count: count), [Double](repeating: 0, count: rows[1].count)
            )
            forEachShift(rows[1].count, of: count) { tap, from, to in
                dWeights[from] += rows[1][tap] * gradient[to]
                dShift[tap] += rows[0][from] * gradient[to]
            }
            return [dWeights, dShift]
        }
    }

    /// w; zeros if nothing is left to sharpen.
    private func sharpened(_ weights: Tensor) throws(ShapeError) -> Tensor {
        try Tensor.joiningRows([weights, sharpness.unsqueezed(axis: 1)], size: weights.shape[1]) { rows, _ in
            raised(rows[0], to: rows[1][0])
        } pullback: { gradient, rows, count in
            let (exponent, powers) = (rows[1][0], raised(rows[0], to: rows[1][0]))
            let centred = gradient.map { $0 - zip(gradient, powers).reduce(0) { $0 + $1.0 * $1.1 } }
            let maximum = rows[0].max() ?? 0
            let sum = rows[0].reduce(0) { $0 + pow($1 / maximum, exponent) }
            guard maximum > 0 else { return [] }
            let dWeights = (0..<count).map { index in
                let slope = exponent * pow(rows[0][index] / maximum, exponent - 1) / (maximum * sum)
                return slope.isFinite ? slope * centred[index] : 0
            }
            let dExponent = (0..<count).reduce(0) { total, index in
                powers[index] > 0 ? total + powers[index] * centred[index] * log(rows[0][index] / maximum) : total
            }
            return [dWeights, [dExponent]]
        }
    }
}

/// Calls `body` for every tap of a circular shift by −r … r: the entry `from` is moved to `to`.
private func forEachShift(_ taps: Int, of count: Int, _ body: (_ tap: Int, _ from: Int, _ to: Int) -> Void) {
    for tap in 0..<taps {
        let distance = ((tap - taps / 2) % count + count) % count
        for from in 0..<count { body(tap, from, (from + distance) % count) }
    }
}

/// w^γ / Σ w^γ, relative to the largest entry so that no power vanishes.
private func raised(_ weights: [Double], to exponent: Double) -> [Double] {
    let maximum = weights.max() ?? 0
    guard maximum > 0 else { return weights.map { _ in 0 } }
    let powers = weights.map { pow($0 / maximum, exponent) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
}

extension Tensor {
    /// The Euclidean length of every row, [..., D] → [...]; a row of zeros has gradient 0.
    fileprivate func rowLengths() throws(ShapeError) -> Tensor {
        try (self * self).sum(axis: -1).mapped {
            $0.squareRoot()
        } derivative: { _, length in
            length > 0 ? 0.5 / length : 0
        }
    }
}

extension MemoryAddressing {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "ntm_addressing", "Neural Turing Machine addressing", .sequential,
        formula: "content softmax(β cos) → interpolation with the weights before → circular shift → sharpening",
        cost: "O(N (D + r)) time",
        use: "A head over an external memory that is found by content or walked through.",
        source: "Graves, Wayne & Danihelka 2014, Neural Turing Machines, eq. 5-9",
        options: [.number("epsilon", .from(0), default: 1e-8)],
        example: Example(["epsilon": .number(1e-8)]) { material in
            let third = try Tensor([0.1, 0.8, 0.1], shape: [1, 3])
            return [
                "key": .real(try material.states.at(min(3, material.length - 1), axis: 1)),
                "memory": .real(material.states),
                "strength": .real(Tensor.ones([1]) * 5), "gate": .real(Tensor.ones([1]) * 0.9),
                "sharpness": .real(Tensor.ones([1]) * 2), "shift": .real(third),
                "previous_weights": .real(try material.firstPlace()),
            ]
        }
    ) { request in
        let address = MemoryAddressing(
            key: try request.tensor("key"), strength: try request.tensor("strength"),
            gate: try request.tensor("gate"), shift: try request.tensor("shift"),
            sharpness: try request.tensor("sharpness"),
            epsilon: Float(try request.options.number("epsilon")))
        let (output, weights, content) = try address.read(
            try request.tensor("memory"), previous: try request.tensor("previous_weights"))
        return ["output": .real(output), "weights": .real(weights), "content_weights": .real(content)]
    }
}
