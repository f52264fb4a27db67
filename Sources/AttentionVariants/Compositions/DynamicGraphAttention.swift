public import AttentionTensors

/// Graph attention in which different nodes can prefer different neighbours:
///
///     e_ij = a · leaky(W_t h_i + W_s h_j),  w_ij = softmax over the neighbours j of i,  y_i = Σ_j w_ij W_s h_j
///
/// *Source:* Brody, Alon & Yahav 2022, *How Attentive are Graph Attention Networks?* (GATv2), eq. 7.
public struct DynamicGraphAttention: Module {
    /// W_t, [H · D, F].
    public var targetWeight: Parameter
    /// W_s, [H · D, F].
    public var sourceWeight: Parameter
    /// a, [H, D].
    public var vector: Parameter
    /// The slope of leaky below 0.
    public let slope: Float

    /// A layer with these parameters.
    public init(targetWeight: Tensor, sourceWeight: Tensor, vector: Tensor, slope: Float = 0.2) {
        self.targetWeight = Parameter(targetWeight)
        self.sourceWeight = Parameter(sourceWeight)
        self.vector = Parameter(vector)
        self.slope = slope
    }

    /// A layer from features of `inputSize` to `headCount` times `headSize`, drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public init(_ inputSize: Int, headSize: Int, headCount: Int, slope: Float = 0.2, key: RandomKey) {
        self.init(
            targetWeight: .glorot([headCount * headSize, inputSize], key: key[0]),
            sourceWeight: .glorot([headCount * headSize, inputSize], key: key[1]),
            vector: .glorot([headCount, headSize], key: key[2]), slope: slope)
    }

    /// Nodes [N, F] → [N, H · D], and the weights [H, N, N].
    ///
    /// - Parameter adjacency: [N, N], true where node i (row) sees node j; a node sees itself only if it is said. One that sees none reads 0.
    /// - Throws: `ShapeError` if the shapes do not fit.
    /// - Complexity: O(N² H D + N H D F) time, O(N² H D) memory.
    public func callAsFunction(
        _ nodes: Tensor, adjacency: Mask
    ) throws(ShapeError) -> (output: Tensor, weights: Tensor) {
        let targets = try NodeHeads(nodes, weight: targetWeight, heads: vector.shape)
        let sources = try NodeHeads(nodes, weight: sourceWeight, heads: vector.shape)
        let pairs = targets.features.unsqueezed(axis: 2) + sources.features.unsqueezed(axis: 1)  // [H, N, N, D]
        let column = vector.tensor.unsqueezed(axis: 1).unsqueezed(axis: 3)  // [H, 1, D, 1]
        let scores = try matmul(pairs.leaky(slope), column).squeezed(axis: 3)
        return try sources.read(by: scores, adjacency)
    }

    /// `weight_target`, `weight_source` and `attention`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try targetWeight.visit(&visitor, path / "weight_target")
        try sourceWeight.visit(&visitor, path / "weight_source")
        try vector.visit(&visitor, path / "attention")
    }
}
