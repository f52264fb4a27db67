public import AttentionMechanisms
public import AttentionTensors
internal import Glibc

/// A modern Hopfield network, whose update is attention: ξ ← softmax(β ξ Xᵀ) X, for states ξ [B, S, D] and stored patterns X [B, N, D].
///
/// Patterns behind the lengths are not stored. Where there is no pattern, the state becomes 0.
///
/// *Source:* Ramsauer et al. 2021, *Hopfield Networks is All You Need*, eq. 2–3.
public struct HopfieldNetwork: Module {
    /// β, above 0: the larger, the fewer patterns mix.
    public var inverseTemperature: Float
    /// How often the state is updated, 1 to 10000 times.
    public var stepCount: Int

    /// A network with this β and number of updates.
    public init(inverseTemperature: Float, stepCount: Int = 1) {
        self.inverseTemperature = inverseTemperature
        self.stepCount = stepCount
    }

    /// The state after all updates, as context, and the weights of the last one, [B, S, N].
    /// - Throws: `ShapeError` if the shapes do not fit, or β or the number of steps is out of range.
    public func retrieve(_ states: Tensor, patterns: Tensor, lengths: [Int]? = nil) throws(ShapeError) -> Alignment {
        let (visible, stored) = try check(states, patterns, lengths)
        try require(
            (1...10000).contains(stepCount), "hopfield", expected: "1 to 10000 steps", found: "\(stepCount)")
        var alignment = try update(states, stored, visible)
        for _ in 1..<stepCount { alignment = try update(alignment.context, stored, visible) }
        return alignment
    }

    /// −ln Σ_n exp(β ξ · x_n) / β + |ξ|² / 2 + ln N / β + max |x|² / 2, which no update raises: [B, S].
    ///
    /// Where there is no pattern, |ξ|² / 2 remains.
    /// - Throws: `ShapeError` if the shapes do not fit, or β is out of range.
    public func energy(_ states: Tensor, patterns: Tensor, lengths: [Int]? = nil) throws(ShapeError) -> Tensor {
        let (visible, stored) = try check(states, patterns, lengths)
        let half = try (states * states).sum(axis: 2) * 0.5  // [B, S]
        guard patterns.shape[1] > 0 else { return half }
        let scores = try matmul(states * inverseTemperature, stored.transposed())  // [B, S, N]
        let norms = try (stored * stored).sum(axis: 2).unsqueezed(axis: 1)  // [B, 1, N]
        let largest = try norms.maximum(visible: visible).squeezed(axis: 2) * 0.5  // [B, 1]
        let counts = (lengths ?? Array(repeating: patterns.shape[1], count: patterns.shape[0]))
        let logCounts = try Tensor(
            counts.map { $0 > 0 ? Float(log(Double($0))) : 0 }, shape: [counts.count, 1])
        return try half + largest + (logCounts - scores.logSumOfRows(visible: visible)) * (1 / inverseTemperature)
    }

    private func update(_ states: Tensor, _ patterns: Tensor, _ visible: Mask?) throws(ShapeError) -> Alignment {
        let weights = try matmul(states * inverseTemperature, patterns.transposed()).softmax(visible: visible)
        return Alignment(weights: weights, context: try matmul(weights, patterns))
    }

    /// The mask [B, 1, N] of the patterns, and the patterns with zeros behind the lengths.
    private func check(
        _ states: Tensor, _ patterns: Tensor, _ lengths: [Int]?
    ) throws(ShapeError) -> (visible: Mask?, patterns: Tensor) {
        try require(
            states.shape.rank == 3 && patterns.shape.rank == 3 && states.shape[0] == patterns.shape[0]
                && states.shape[2] == patterns.shape[2], "hopfield",
            expected: "states [B, S, D] and patterns [B, N, D]", found: "\(states.shape) and \(patterns.shape)")
        try require(
            inverseTemperature > 0 && inverseTemperature.isFinite, "hopfield",
            expected: "a finite beta above 0", found: "\(inverseTemperature)")
        let (batch, count) = (patterns.shape[0], patterns.shape[1])
        try requireLengths(lengths, batch: batch, count: count, "hopfield")
        return (
            lengths.map { .first($0, of: count, shape: [batch, 1, count]) }, try patterns.keepingFirst(lengths)
        )
    }

    /// No parameters.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}
}

extension Tensor {
    /// ln Σ exp(x) over the visible entries of every row, [...] without the last axis; 0 for a row without any.
    fileprivate func logSumOfRows(visible: Mask?) throws(ShapeError) -> Tensor {
        try mappingRows(visible: visible) { row in
            let top = row.max() ?? 0
            let sum = row.reduce(0) { $0 + exp($1 - top) }
            row = [top + log(sum)] + [Double](repeating: 0, count: row.count - 1)
        } pullback: { gradient, row, images in
            // Only the first entry holds the result, so only its gradient counts.
            let slope = gradient[0]
            for index in row.indices { gradient[index] = slope * exp(row[index] - images[0]) }
        }.sum(axis: -1)
    }
}

extension HopfieldNetwork {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "hopfield", "Modern Hopfield network", .efficient,
        formula: "ξ ← softmax(β ξ Xᵀ) X;  energy = −lse(β X ξ)/β + |ξ|²/2 + ln N/β + max|x|²/2",
        cost: "time O(steps · S N D), memory O(S N)",
        use: "Associative memory: retrieves the stored pattern nearest to the state, exponentially many of them.",
        source: "Ramsauer et al. 2021, Hopfield Networks is All You Need, eq. 2–3",
        options: [.number("beta", default: 1), .integer("steps", default: 1)],
        example: Example(["beta": .number(0.1), "steps": .number(1)]) {
            ["query": .real($0.states), "patterns": .real($0.states)]
        }
    ) { request in
        let network = HopfieldNetwork(
            inverseTemperature: Float(try request.options.number("beta")),
            stepCount: try request.options.integer("steps"))
        let (states, patterns) = (try request.tensor("query"), try request.tensor("patterns"))
        let lengths = try request.lengths("key_lengths")
        let alignment = try network.retrieve(states, patterns: patterns, lengths: lengths)
        let energy = try network.energy(alignment.context, patterns: patterns, lengths: lengths)
        return ["output": .real(alignment.context), "weights": .real(alignment.weights), "energy": .real(energy)]
    }
}
