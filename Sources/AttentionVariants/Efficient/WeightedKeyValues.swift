public import AttentionMechanisms
public import AttentionTensors

/// RWKV's replacement of attention: every channel averages its past with weights that fade with time,
///
///     out_t = (Σ_{i<t} e^(−(t−1−i) w + k_i) v_i + e^(u + k_t) v_t) / (the same without v),   w = e^decay, u = bonus
///
/// Computed with a running maximum, in double precision and in time linear in the length.
///
/// *Source:* Peng et al. 2023, *RWKV: Reinventing RNNs for the Transformer Era*, eq. 16 (version 4).
public struct WeightedKeyValues: Module {
    /// The logarithm of how fast the past fades, [D].
    public var decay: Parameter
    /// u, what the present has in advance, [D].
    public var bonus: Parameter

    /// Averages with these parameters [D].
    public init(decay: Tensor, bonus: Tensor) {
        self.decay = Parameter(decay)
        self.bonus = Parameter(bonus)
    }

    /// The averages of keys and values [B, L, D] up to every position: [B, L, D].
    /// - Throws: `ShapeError` if the shapes do not fit.
    /// - Complexity: O(L D).
    public func attend(keys: Tensor, values: Tensor) throws(ShapeError) -> Tensor {
        try require(
            keys.shape.rank == 3 && values.shape == keys.shape, "weightedKeyValues",
            expected: "keys and values [B, L, D]", found: "\(keys.shape) and \(values.shape)")
        try require(
            decay.shape == [keys.shape[2]] && bonus.shape == decay.shape, "weightedKeyValues",
            expected: "a decay and a bonus [\(keys.shape[2])]", found: "\(decay.shape) and \(bonus.shape)")
        return fadingAverage(keys, values, decay: decay.tensor, bonus: bonus.tensor, lengths: nil)
    }

    /// `decay` and `bonus`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try decay.visit(&visitor, path / "decay")
        try bonus.visit(&visitor, path / "bonus")
    }
}

extension WeightedKeyValues {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "rwkv", "RWKV's weighted key-value average", .efficient,
        formula:
            "out_t = (Σ_{i<t} e^(−(t−1−i) w + k_i) v_i + e^(u + k_t) v_t) / (the same without v);  w = e^decay, u = bonus",
        cost: "time O(L D), memory O(D)",
        use: "Language models that decode as a recurrent network, channel by channel.",
        source: "Peng et al. 2023, RWKV: Reinventing RNNs for the Transformer Era, eq. 16",
        example: Example(draws: "output") { material in
            let keys = try material.states.sliced(axis: 2, 0..<1).expanded(to: [1, material.length, material.length])
            return [
                "key": .real(keys), "value": .real(try material.unitRows()),
                "decay": .real(Tensor.ones([material.length]) * -1), "bonus": .real(.ones([material.length])),
            ]
        }
    ) { request in
        let mechanism = WeightedKeyValues(decay: try request.tensor("decay"), bonus: try request.tensor("bonus"))
        let output = try mechanism.attend(keys: request.tensor("key"), values: request.tensor("value"))
        return ["output": .real(output)]
    }
}
