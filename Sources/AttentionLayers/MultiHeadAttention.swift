public import AttentionMechanisms
public import AttentionTensors

/// Attention by several heads, each in a projection of its own: concat(head_1 … head_H) W_O, head_h = attend(q W_h^Q, k W_h^K, v W_h^V)
/// (Vaswani et al. 2017, sec. 3.2.2). Head h owns features h·D … (h+1)·D − 1 of each projection.
///
/// The mechanism is any `AttentionMechanism`; self- and cross-attention differ only in what is remembered.
public struct MultiHeadAttention: Module {
    /// W^Q.
    public var query: Linear
    /// W^K.
    public var key: Linear
    /// W^V.
    public var value: Linear
    /// W^O.
    public var output: Linear
    /// What each head does.
    public var mechanism: AttentionMechanism
    /// H.
    public let headCount: Int

    /// Heads of size `modelSize / headCount`.
    /// - Precondition: the model size is a multiple of the head count; configurations check it.
    public init(_ modelSize: Int, headCount: Int, mechanism: AttentionMechanism, key: RandomKey) {
        precondition(
            headCount > 0 && modelSize % headCount == 0,
            "MultiHeadAttention: expected a model size that is a multiple of \(headCount) heads, found \(modelSize)")
        query = Linear(modelSize, modelSize, key: key[0])
        self.key = Linear(modelSize, modelSize, key: key[1])
        value = Linear(modelSize, modelSize, key: key[2])
        output = Linear(modelSize, modelSize, key: key[3])
        self.mechanism = mechanism
        self.headCount = headCount
    }

    /// The keys and values of annotations [B, K, M], projected once. `offset` is the position of the first, for memories that grow.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func remember(
        _ annotations: Tensor, lengths: [Int]? = nil, offset: Int = 0
    ) throws(ShapeError) -> Memory {
        try mechanism.remember(
            keys: try split(try key(annotations)), values: try split(try value(annotations)), lengths: lengths,
            offset: offset)
    }

    /// What positions [B, Q, M] read from the memory: [B, Q, M]. `offset` is the position of the first query among the keys.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func attend(
        _ x: Tensor, _ memory: Memory, offset: Int = 0, training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        let context = try mechanism.attend(try split(try query(x)), memory, offset: offset, training: key)
        return try output(try merge(context))
    }

    /// What positions [B, Q, M] read, [B, Q, M], and where each head looked, [B, H, Q, K].
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(
        _ x: Tensor, _ memory: Memory, offset: Int = 0, training key: RandomKey? = nil
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let alignment = try mechanism.align(try split(try query(x)), memory, offset: offset, training: key)
        return (try output(try merge(alignment.context)), alignment.weights)
    }

    /// [B, L, H·D] → [B, H, L, D]
    private func split(_ x: Tensor) throws(ShapeError) -> Tensor {
        guard x.shape.rank == 3 else {
            throw ShapeError("MultiHeadAttention", expected: "inputs [B, L, M]", found: "\(x.shape)")
        }
        return try x.reshaped(to: [x.shape[0], x.shape[1], headCount, x.shape[2] / headCount]).transposed(1, 2)
    }

    /// [B, H, L, D] → [B, L, H·D]
    private func merge(_ x: Tensor) throws(ShapeError) -> Tensor {
        try x.transposed(1, 2).reshaped(to: [x.shape[0], x.shape[2], x.shape[1] * x.shape[3]])
    }

    /// `query`, `key`, `value`, `output`, and the mechanism's own parameters.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try query.visit(&visitor, path / "query")
        try key.visit(&visitor, path / "key")
        try value.visit(&visitor, path / "value")
        try output.visit(&visitor, path / "output")
        try mechanism.visit(&visitor, path / "mechanism")
    }
}
