public import AttentionMechanisms
public import AttentionTensors
internal import Glibc

/// One key drawn for each query from its weights, which are read alone: hard attention.
///
/// A draw has no derivative. The score function estimates one instead: the gradient of `surrogate` is an unbiased estimate of the
/// gradient of the expected reward.
///
/// *Source:* Xu et al. 2015, *Show, Attend and Tell*, sec. 4.1 and eq. 8–12; Williams 1992 (REINFORCE).
public struct HardSample: Sendable {
    /// The key drawn for each query, [B, H, Q] row-major; −1 for a query that may see none.
    public let indices: [Int]
    /// [B, H, Q, Dv]: the drawn value of each query, zeros where there is none. Gradients flow to the values alone.
    public let context: Tensor
    /// [B, H, Q, K]: α, what was drawn from.
    public let weights: Tensor
    /// [B, H, Q]: ln α of the drawn key; 0 where there is none.
    public let logProbability: Tensor
    /// [B, H, Q]: H(α) = −Σ_j α_j ln α_j.
    public let entropy: Tensor

    /// Σ w_r (R − b) ln α_index + w_e H(α) over all queries, [1]: its gradient is the estimator (eq. 12), with the entropy as a bonus.
    /// - Parameters:
    ///   - reward: R, [B, H, Q] or a shape that expands to it; a constant.
    ///   - baseline: b, likewise; what the reward is compared with. None means 0.
    ///   - reinforceWeight: w_r.
    ///   - entropyWeight: w_e.
    /// - Throws: `ShapeError` if reward or baseline do not fit.
    public func surrogate(
        reward: Tensor, baseline: Tensor? = nil, reinforceWeight: Float = 1, entropyWeight: Float = 0
    ) throws(ShapeError) -> Tensor {
        let shape = logProbability.shape
        var advantage = try reward.detached().expanded(to: shape)
        if let baseline { advantage = advantage - (try baseline.detached().expanded(to: shape)) }
        let terms = advantage * logProbability * reinforceWeight + entropy * entropyWeight
        return try terms.sum().reshaped(to: [1])
    }
}

extension AttentionMechanism {
    /// Draws one key for each query: the first j whose cumulative weight exceeds the query's number, at most the last visible one.
    /// - Parameter uniform: numbers of [0, 1), [B, H, Q] or a shape that expands to it.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func sample(
        _ query: Tensor, _ memory: Memory, positions: Positions = .from(0), uniform: Tensor
    ) throws(ShapeError) -> HardSample {
        let trace = try trace(query, memory, positions: positions)
        let weights = trace.alignment.weights
        let rows = Shape(weights.shape.dimensions.dropLast())
        let indices = try weights.draw(uniform.expanded(to: rows), visible: trace.visible)
        let drawn = try Tensor.oneHot(indices, count: weights.shape[3], shape: rows)
        let values = try memory.values.repeatingHeads(weights.shape[1] / memory.valueShape[1])
        return HardSample(
            indices: indices, context: try weightedSums(drawn, of: values), weights: weights,
            logProbability: try (drawn * weights.logarithmOfShares()).sum(axis: -1),
            entropy: try -(weights * weights.logarithmOfShares()).sum(axis: -1))
    }

    /// Draws one key for each query, with the random numbers of `key`.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func sample(
        _ query: Tensor, _ memory: Memory, positions: Positions = .from(0), key: RandomKey
    ) throws(ShapeError) -> HardSample {
        try require(query.shape.rank == 4, "sample", expected: "queries [B, H, Q, D]", found: "\(query.shape)")
        let rows = Shape(query.shape.dimensions.dropLast())
        return try sample(query, memory, positions: positions, uniform: .uniform(rows, in: 0...(1 - 0x1p-24), key: key))
    }
}

extension Alignment {
    /// Σ_j w_ij R_ij, [B, H, Q]: the expected reward of hard attention, exactly, where the reward of every key is known. What the
    /// estimator of `HardSample.surrogate` estimates the gradient of; for few keys, there is no need to.
    /// - Parameter rewards: [B, H, Q, K] or a shape that expands to it.
    /// - Throws: `ShapeError` if the rewards do not fit.
    public func expectation(of rewards: Tensor) throws(ShapeError) -> Tensor {
        try (weights * rewards.expanded(to: weights.shape)).sum(axis: -1)
    }
}

extension Tensor {
    /// The first column of each row whose cumulative sum exceeds the row's number, at most the last visible one; −1 if none is visible.
    fileprivate func draw(_ numbers: Tensor, visible: Mask?) throws(ShapeError) -> [Int] {
        let width = shape[-1]
        let mask = try visible?.expanded(to: shape)
        let (shares, numbers) = (values, numbers.values)
        return numbers.indices.map { row in
            let columns = (0..<width).filter { column in mask.map { $0.bytes[row * width + column] != 0 } ?? true }
            var sum = 0.0
            for column in columns {
                sum += Double(shares[row * width + column])
                if sum > Double(numbers[row]) { return column }
            }
            return columns.last ?? -1
        }
    }

    /// 1 at each row's index and 0 elsewhere, [rows..., count]; zeros for a negative index.
    fileprivate static func oneHot(_ indices: [Int], count: Int, shape: Shape) throws(ShapeError) -> Tensor {
        var values = [Float](repeating: 0, count: indices.count * count)
        for (row, index) in indices.enumerated() where index >= 0 { values[row * count + index] = 1 }
        return try Tensor(values, shape: Shape(shape.dimensions + [count]))
    }

    /// ln x, but 0 for shares of 0.
    fileprivate func logarithmOfShares() -> Tensor {
        mapped({ $0 > 0 ? logf($0) : 0 }, derivative: { x, _ in x > 0 ? 1 / x : 0 })
    }
}

extension HardSample {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "hard_sample", "Hard attention (REINFORCE)", .normalizer,
        formula: "j ~ softmax(z), o = v_j; ∇ = w_r (R − b) ∇ ln α_j + w_e ∇ H(α)", cost: "O(QK)",
        use: "Choices that must be discrete in training too; unbiased, but noisy.",
        source: "Xu et al. 2015, Show, Attend and Tell, eq. 8–12",
        options: weights, accepting: weights + CoreAttention.partOptions,
        example: Example { try $0.headed() + ["uniform": .real(Tensor.ones([1, 1, $0.length]) * 0.5)] }
    ) { request in
        let core = try CoreAttention(request)
        let sample = try core.mechanism.sample(core.query, core.memory, uniform: request.constant("uniform"))
        var outputs: Outputs = [
            "index": .integers(sample.indices, shape: sample.logProbability.shape), "output": .real(sample.context),
            "weights": .real(sample.weights), "log_probability": .real(sample.logProbability),
            "entropy": .real(sample.entropy),
        ]
        if request.contains("reward") {
            outputs["surrogate"] = .real(
                try sample.surrogate(
                    reward: request.constant("reward"),
                    baseline: request.contains("baseline") ? request.constant("baseline") : nil,
                    reinforceWeight: Float(request.options.number("reinforce_weight")),
                    entropyWeight: Float(request.options.number("entropy_weight"))))
        }
        return outputs
    }

    /// w_r and w_e of the surrogate.
    private static let weights: [OptionDescriptor] = [
        .number("reinforce_weight", default: 1), .number("entropy_weight", default: 0),
    ]
}
