public import AttentionMechanisms
public import AttentionTensors
internal import Glibc

/// s_ij = ((q_i + u) · k_j + (q_i + v) · W_R R_{i−j}) / √D: what a key holds, and how far away it is, each asked by the query and by a bias
/// that all queries of a head share.
///
/// R_d = [sin(d f_0) … sin(d f_{E/2−1}), cos(d f_0) … cos(d f_{E/2−1})], f_m = 10000^(−2m/E). The queries are the last of the sequence that
/// the keys are, behind a memory of K − Q: take the scope `.causal(alignment: .bottomRight)` with it.
///
/// *Source:* Dai et al. 2019, *Transformer-XL*, sec. 3.3 (the paper's W_{k,R}, u and v).
public struct TransformerXLScore: Score {
    /// W_R, [H · D, E].
    public var relativeWeight: Parameter
    /// u, [H, D].
    public var contentBias: Parameter
    /// v, [H, D].
    public var positionBias: Parameter

    /// A score with these parameters.
    public init(relativeWeight: Tensor, contentBias: Tensor, positionBias: Tensor) {
        self.relativeWeight = Parameter(relativeWeight)
        self.contentBias = Parameter(contentBias)
        self.positionBias = Parameter(positionBias)
    }

    /// - Throws: `ShapeError` unless the parameters fit the heads of the query and E is even.
    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        let (heads, queryCount, keyCount, size) = (query.shape[1], query.shape[2], keys.shape[2], query.shape[3])
        try check(heads: heads, size: size)
        // From the distance i − j = K − 1 of the last query and the first key down to 1 − Q, and one that is never read.
        let distances = (0..<queryCount + keyCount).map { keyCount - 1 - $0 }
        let positions = try linear(waves(distances), weight: relativeWeight)
            .reshaped(to: [distances.count, heads, size]).permuted([1, 2, 0])  // [H, D, Q + K]
        let content = try matmul(query + contentBias.tensor.unsqueezed(axis: 1), keys.transposed())
        let position = try matmul(query + positionBias.tensor.unsqueezed(axis: 1), positions).relativelyShifted()
        return (content + position) * (1 / Float(max(size, 1)).squareRoot())
    }

    /// R_d for every distance d, [distances, E]; angles in double precision.
    private func waves(_ distances: [Int]) -> Tensor {
        let size = relativeWeight.shape[1]
        let frequencies = (0..<size / 2).map { pow(10_000, -2 * Double($0) / Double(size)) }
        return Tensor(shape: [distances.count, size]) { out in
            for (row, distance) in distances.enumerated() {
                for (index, frequency) in frequencies.enumerated() {
                    out[row * size + index] = Float(sin(Double(distance) * frequency))
                    out[row * size + size / 2 + index] = Float(cos(Double(distance) * frequency))
                }
            }
        }
    }

    private func check(heads: Int, size: Int) throws(ShapeError) {
        try require(
            contentBias.shape == [heads, size] && positionBias.shape == [heads, size], "transformerXL",
            expected: "a content and a position bias [\(heads), \(size)]",
            found: "\(contentBias.shape) and \(positionBias.shape)")
        try require(
            relativeWeight.shape.rank == 2 && relativeWeight.shape[0] == heads * size
                && relativeWeight.shape[1] % 2 == 0,
            "transformerXL", expected: "a relative weight [\(heads * size), E] with an even E",
            found: "\(relativeWeight.shape)")
    }

    /// `weight_relative`, `content_bias` and `position_bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try relativeWeight.visit(&visitor, path / "weight_relative")
        try contentBias.visit(&visitor, path / "content_bias")
        try positionBias.visit(&visitor, path / "position_bias")
    }
}

extension Score where Self == TransformerXLScore {
    /// A score for heads of `headSize` with waves of `waveSize` features, its weight drawn uniformly (Glorot & Bengio 2010, eq. 16), its
    /// biases 0.
    public static func transformerXL(
        headCount: Int, headSize: Int, waveSize: Int, key: RandomKey
    ) -> TransformerXLScore {
        TransformerXLScore(
            relativeWeight: .glorot([headCount * headSize, waveSize], key: key),
            contentBias: .zeros([headCount, headSize]), positionBias: .zeros([headCount, headSize]))
    }
}

extension TransformerXLScore {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "transformer_xl", "Transformer-XL's relative positions", .relativeHeads,
        formula: "s_ij = ((q_i + u) · k_j + (q_i + v) · W_R R_{i−j}) / √D, i counted behind the memory",
        cost: "O(Q K D + (Q + K) E H D) time: Q + K distances serve all pairs",
        use:
            "Long texts read segment by segment: the previous segment's states are a memory, positions are distances.",
        source: "Dai et al. 2019, Transformer-XL, sec. 3.3",
        options: [.truth("causal")],
        example: Example(["causal": .truth(true)]) {
            try $0.headed()
                + $0.parameters([
                    "weight_relative": [$0.size, 16], "content_bias": [1, $0.size], "position_bias": [1, $0.size],
                ])
        }
    ) { request in
        let score = TransformerXLScore(
            relativeWeight: try request.tensor("weight_relative"), contentBias: try request.tensor("content_bias"),
            positionBias: try request.tensor("position_bias"))
        let isCausal = try request.options.truth("causal")
        return try request.outputs(
            of: isCausal
                ? AttentionMechanism(score: score, scope: .causal(alignment: .bottomRight))
                : AttentionMechanism(score: score))
    }
}
