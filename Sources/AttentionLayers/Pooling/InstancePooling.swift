public import AttentionTensors

/// A bag of instances as one vector, whose weights tell which instances decided: Σ_j softmax_j(w · h_j) x_j with
///
///     h_j = tanh(V x_j)                    or, gated,    h_j = tanh(V x_j) ⊙ σ(U x_j)
///
/// *Source:* Ilse, Tomczak & Welling 2018, *Attention-based Deep Multiple Instance Learning*, eq. 8 and, gated, 9.
public struct InstancePooling: Module {
    /// V, [A, D].
    public var weight: Parameter
    /// U, [A, D], if the pooling is gated.
    public var gateWeight: Parameter?
    /// w, [A].
    public var vector: Parameter

    /// A pooling with these parameters.
    public init(weight: Tensor, gateWeight: Tensor? = nil, vector: Tensor) {
        self.weight = Parameter(weight)
        self.gateWeight = gateWeight.map { Parameter($0) }
        self.vector = Parameter(vector)
    }

    /// A pooling of vectors of `size`, its parameters drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(_ size: Int, hiddenSize: Int, isGated: Bool = true, key: RandomKey) {
        self.init(
            weight: .glorot([hiddenSize, size], key: key[0]),
            gateWeight: isGated ? .glorot([hiddenSize, size], key: key[1]) : nil,
            vector: .glorot([hiddenSize], key: key[2]))
    }

    /// Bags [B, L, D] → vectors [B, D], and the weights [B, L].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ x: Tensor, lengths: [Int]? = nil
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let x = try x.clearingPadding(lengths)
        var hidden = try linear(x, weight: weight, activation: .tanh)
        if let gateWeight {
            let gate = try linear(x, weight: gateWeight).sigmoid()
            try gate.requireShape(hidden.shape, "a gate weight that gives", in: "instancePooling")
            hidden = hidden * gate
        }
        let pooled = try PooledSequence(query: vector.tensor, keys: hidden, values: x, lengths: lengths)
        return (pooled.output, pooled.weights)
    }

    /// `weight_v`, `weight_u` if there is one, and `vector`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight_v")
        try gateWeight.visit(&visitor, path / "weight_u")
        try vector.visit(&visitor, path / "vector")
    }
}
