public import AttentionMechanisms
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

extension GraphAttention {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "graph_attention", "Graph attention", .composition,
        formula:
            "e_ij = leaky(t · W h_i + s · W h_j), or a · leaky(W_t h_i + W_s h_j) in version 2; y_i = Σ_j softmax_j(e_ij) W h_j",
        cost: "O(N² H + N H D F) time; version 2 O(N² H D)",
        use:
            "Nodes that weigh their neighbours. Version 2 can prefer different neighbours for different nodes, version 1 cannot.",
        source:
            "Veličković et al. 2018, Graph Attention Networks, eq. 1–5; Brody, Alon & Yahav 2022, How Attentive are Graph Attention Networks?, eq. 7",
        options: [
            .number("slope", default: 0.2), .integer("version", default: 1),
            .integer("heads", else: "as many as the attention vectors have"),
        ],
        example: Example(["version": .number(2), "heads": .number(1)]) { material in
            let length = material.length
            let near = (0..<length * length).map { abs($0 / length - $0 % length) <= 2 }
            return [
                "nodes": .real(try material.states.at(0)),
                "adjacency": .truths(try Mask(near, shape: [length, length])),
            ]
                + material.parameters([
                    "weight_target": [16, material.size], "weight_source": [16, material.size], "attention": [1, 16],
                ])
        }
    ) { request in
        let (nodes, adjacency) = (try request.tensor("nodes"), try request.mask("adjacency"))
        let slope = Float(try request.options.number("slope"))
        let version = try request.options.integer("version")
        let result: (output: Tensor, weights: Tensor)
        let heads: Int
        switch version {
        case 1:
            let layer = GraphAttention(
                weight: try request.tensor("weight"), targetVector: try request.tensor("attention_target"),
                sourceVector: try request.tensor("attention_source"), slope: slope)
            (result, heads) = (try layer(nodes, adjacency: adjacency), layer.targetVector.shape[0])
        case 2:
            let layer = DynamicGraphAttention(
                targetWeight: try request.tensor("weight_target"), sourceWeight: try request.tensor("weight_source"),
                vector: try request.tensor("attention"), slope: slope)
            (result, heads) = (try layer(nodes, adjacency: adjacency), layer.vector.shape[0])
        default:
            throw RequestError.unfitOption("version of graph_attention", expected: "1 or 2", found: "\(version)")
        }
        if let asked = try request.options.integer(ifGiven: "heads"), asked != heads {
            throw RequestError.unfitOption(
                "heads of graph_attention", expected: "\(heads), as the attention vectors have", found: "\(asked)")
        }
        return ["output": .real(result.output), "weights": .real(result.weights)]
    }
}
