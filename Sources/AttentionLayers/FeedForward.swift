public import AttentionTensors

/// x ↦ W₂ activation(W₁ x + b₁) + b₂, the same at every position (Vaswani et al. 2017, eq. 2); with a gate,
/// x ↦ W₂ (activation(W_g x + b_g) ⊙ (W₁ x + b₁)) + b₂ (Shazeer 2020, *GLU Variants Improve Transformer*, eq. 6).
public struct FeedForward: Module {
    /// From the model size to the hidden size.
    public var up: Linear
    /// From the model size to as many gates; nil for none.
    public var gate: Linear?
    /// From the hidden size back.
    public var down: Linear
    /// What stands between them, or makes a gate.
    public let activation: Activation
    /// The probability of dropping a hidden element in training.
    public let dropout: Float

    /// These two maps, one after the other.
    public init(up: Linear, gate: Linear? = nil, down: Linear, activation: Activation, dropout: Float = 0) {
        self.up = up
        self.gate = gate
        self.down = down
        self.activation = activation
        self.dropout = dropout
    }

    /// Two maps through a hidden layer.
    public init(_ modelSize: Int, _ hiddenSize: Int, activation: Activation = .relu, dropout: Float = 0, key: RandomKey)
    {
        self.init(
            up: Linear(modelSize, hiddenSize, key: key[0]), down: Linear(hiddenSize, modelSize, key: key[1]),
            activation: activation, dropout: dropout)
    }

    /// [..., M] → [..., M].
    /// - Throws: `ShapeError` if the last size is not M.
    public func callAsFunction(_ x: Tensor, training key: RandomKey? = nil) throws(ShapeError) -> Tensor {
        try down(try hidden(x, training: key), training: key?[2])
    }

    /// The hidden layer, activation(W₁ x + b₁) or what the gate lets through: [..., M] → [..., hidden size].
    /// - Throws: `ShapeError` if the last size is not M.
    public func hidden(_ x: Tensor, training key: RandomKey? = nil) throws(ShapeError) -> Tensor {
        let dropout = key.map { Dropout(self.dropout, key: $0) }
        guard let gate else {
            return try up(x, activation: activation, dropout: dropout, training: key?[0])
        }
        let passed = try gate(x, activation: activation, training: key?[1]) * up(x, training: key?[0])
        return dropout?(passed) ?? passed
    }

    /// `up.…`, `gate.…` if there is one, and `down.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try visitor.visit(parts: &self, path)
        try up.visit(&visitor, path / "up")
        try gate.visit(&visitor, path / "gate")
        try down.visit(&visitor, path / "down")
    }
}
