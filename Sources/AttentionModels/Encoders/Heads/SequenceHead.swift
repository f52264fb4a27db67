public import AttentionLayers
public import AttentionTensors

/// Which class a row is of: logits = W₂ dropout(norm(activation(W₁ pool(x) + b₁))) + b₂ (Devlin et al. 2019, sec. 4.1).
public struct SequenceHead: Module {
    /// What stands for a row.
    public enum Pooling: String, Sendable, Hashable {
        /// The vector of its first id.
        case first = "cls"
        /// The mean of the vectors of its real ids.
        case mean
    }

    /// What stands for a row.
    public let pooling: Pooling
    /// W₁ and b₁.
    public var hidden: Linear
    /// What follows.
    public let activation: Activation
    /// The norm; nil for none.
    public var norm: LayerNorm?
    /// W₂ and b₂.
    public var output: Linear
    /// What the classes are called.
    public let labels: [String]
    /// The probability of dropping an element before W₂ in training.
    public var dropout: Float = 0

    /// A head of these parts.
    public init(
        pooling: Pooling = .first, hidden: Linear, activation: Activation, norm: LayerNorm? = nil, output: Linear,
        labels: [String]
    ) {
        (self.pooling, self.hidden, self.activation) = (pooling, hidden, activation)
        (self.norm, self.output, self.labels) = (norm, output, labels)
    }

    /// A head that nothing was read into yet.
    init(_ modelSize: Int, activation: Activation, labels: [String]) {
        self.init(
            hidden: Linear(modelSize, modelSize, key: .blank), activation: activation,
            output: Linear(modelSize, labels.count, key: .blank), labels: labels)
    }

    /// [B, L, M] → [B, classes].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ x: Tensor, present: Presence, training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        let pooled = pooling == .first ? try x.first() : try x.mean(of: present)
        var inner = try hidden(pooled, activation: activation)
        if let norm { inner = try norm(inner) }
        if let key { inner = inner.dropout(dropout, key: key) }
        return try output(inner)
    }

    /// `hidden`, `norm` if there is one, `output`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try hidden.visit(&visitor, path / "hidden")
        try norm.visit(&visitor, path / "norm")
        try output.visit(&visitor, path / "output")
    }
}

extension Tensor {
    /// [B, L, M] → [B, M], the mean of the vectors that are real; 0 where none is.
    package func mean(of presence: Presence) throws(ShapeError) -> Tensor {
        guard let mask = try presence.mask(rowCount: shape[0], length: shape[1]) else {
            return try sum(axis: 1) / Float(Swift.max(shape[1], 1))
        }
        let length = shape[1]
        let counts = Tensor(shape: [shape[0], 1]) { out in
            for row in 0..<shape[0] {
                out[row] = (0..<length).reduce(Float(0)) { $0 + (mask[row, $1] ? 1 : 0) }
                out[row] = Swift.max(out[row], 1)
            }
        }
        return try clearing(besides: presence).sum(axis: 1) / counts
    }
}
