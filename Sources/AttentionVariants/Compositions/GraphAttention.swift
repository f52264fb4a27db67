public import AttentionTensors

/// A node reads from its neighbours, by several heads whose readings stand one after another:
///
///     e_ij = leaky(t · W h_i + s · W h_j),  w_ij = softmax over the neighbours j of i,  y_i = Σ_j w_ij W h_j
///
/// Which neighbour is preferred does not depend on who asks; `DynamicGraphAttention` repairs that.
///
/// *Source:* Veličković et al. 2018, *Graph Attention Networks*, eq. 1–5 (the paper's vector a is [t; s]).
public struct GraphAttention: Module {
    /// W, [H · D, F].
    public var weight: Parameter
    /// t, [H, D].
    public var targetVector: Parameter
    /// s, [H, D].
    public var sourceVector: Parameter
    /// The slope of leaky below 0.
    public let slope: Float

    /// A layer with these parameters.
    public init(weight: Tensor, targetVector: Tensor, sourceVector: Tensor, slope: Float = 0.2) {
        self.weight = Parameter(weight)
        self.targetVector = Parameter(targetVector)
        self.sourceVector = Parameter(sourceVector)
        self.slope = slope
    }

    /// A layer from features of `inputSize` to `headCount` times `headSize`, drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(_ inputSize: Int, headSize: Int, headCount: Int, slope: Float = 0.2, key: RandomKey) {
        self.init(
            weight: .glorot([headCount * headSize, inputSize], key: key[0]),
            targetVector: .glorot([headCount, headSize], key: key[1]),
            sourceVector: .glorot([headCount, headSize], key: key[2]), slope: slope)
    }

    /// Nodes [N, F] → [N, H · D], and the weights [H, N, N].
    ///
    /// - Parameter adjacency: [N, N], true where node i (row) sees node j; a node sees itself only if it is said. One that sees none reads 0.
    /// - Throws: `ShapeError` if the shapes do not fit.
    /// - Complexity: O(N² H + N H D F) time.
    public func callAsFunction(
        _ nodes: Tensor, adjacency: Mask
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        try sourceVector.tensor.requireShape(targetVector.shape, "a source vector", in: "graphAttention")
        let heads = try NodeHeads(nodes, weight: weight, heads: targetVector.shape)
        let targets = try matmul(heads.features, targetVector.tensor.unsqueezed(axis: 2))  // [H, N, 1]
        let sources = try matmul(heads.features, sourceVector.tensor.unsqueezed(axis: 2))
        return try heads.read(by: (targets + sources.transposed()).leaky(slope), adjacency)
    }

    /// `weight`, `attention_target` and `attention_source`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
        try targetVector.visit(&visitor, path / "attention_target")
        try sourceVector.visit(&visitor, path / "attention_source")
    }
}
