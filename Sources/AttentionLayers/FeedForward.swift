public import AttentionTensors

/// x ↦ W₂ activation(W₁ x + b₁) + b₂, the same at every position (Vaswani et al. 2017, eq. 2).
public struct FeedForward: Module {
    /// From the model size to the hidden size.
    public var up: Linear
    /// From the hidden size back.
    public var down: Linear
    /// What stands between them.
    public let activation: Activation
    /// The probability of dropping a hidden element in training.
    public let dropout: Float

    /// Two maps through a hidden layer.
    public init(_ modelSize: Int, _ hiddenSize: Int, activation: Activation = .relu, dropout: Float = 0, key: RandomKey)
    {
        up = Linear(modelSize, hiddenSize, key: key[0])
        down = Linear(hiddenSize, modelSize, key: key[1])
        self.activation = activation
        self.dropout = dropout
    }

    /// [..., M] → [..., M].
    /// - Throws: `ShapeError` if the last size is not M.
    public func callAsFunction(_ x: Tensor, training key: RandomKey? = nil) throws(ShapeError) -> Tensor {
        let hidden = try up(x, activation: activation)
        return try down(key.map { hidden.dropout(dropout, key: $0) } ?? hidden)
    }

    /// `up.…` and `down.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try up.visit(&visitor, path / "up")
        try down.visit(&visitor, path / "down")
    }
}
