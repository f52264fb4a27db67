public import AttentionTensors

/// s_ij + relative_bias[bucket(j − p), h]: a learned bias per head and bucket of distances; near distances have buckets of their own.
///
/// T5 does not scale: used with the score `.dot`.
///
/// *Source:* Raffel et al. 2020, *Exploring the Limits of Transfer Learning* (T5), sec. 2.1.
public struct T5BiasModifier: Modifier {
    /// [buckets, H].
    public var relativeBias: Parameter
    /// How distances fall into buckets.
    public let buckets: RelativeBuckets

    /// A modifier with this table [buckets, H].
    public init(relativeBias: Tensor, buckets: RelativeBuckets) {
        self.relativeBias = Parameter(relativeBias)
        self.buckets = buckets
    }

    /// - Throws: `ShapeError` unless the table has a row per bucket and a column per head.
    public func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        scores + (try bias(of: ScoreGrid(scores.shape, positions)))
    }

    /// - Throws: as `modify`.
    public func changes(of scores: ScoreGrid) throws(ShapeError) -> [ScoreChange]? {
        guard let distances = scores.distances else { return [.bias(try bias(of: scores))] }
        try check(headCount: scores.headCount)
        return [.distanceBias(try rows(of: distances).transposed())]
    }

    /// [H, Q, K], or [B, H, Q, K] where items stand differently.
    private func bias(of scores: ScoreGrid) throws(ShapeError) -> Tensor {
        try check(headCount: scores.headCount)
        let rows = try rows(of: try scores.allDistances())  // [Q, K, H] or [B, 1, Q, K, H]
        return rows.shape.rank == 3 ? rows.permuted([2, 0, 1]) : try rows.squeezed(axis: 1).permuted([0, 3, 1, 2])
    }

    /// A row of the table for each distance.
    private func rows(of distances: Tensor) throws(ShapeError) -> Tensor {
        try relativeBias.rows(distances.values.map { buckets.bucket(of: Int($0)) }, shape: distances.shape)
    }

    private func check(headCount: Int) throws(ShapeError) {
        try require(
            relativeBias.shape == [buckets.count, headCount], "t5Bias",
            expected: "a table [\(buckets.count), \(headCount)]", found: "\(relativeBias.shape)")
    }

    /// `relative_bias`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try relativeBias.visit(&visitor, path / "relative_bias")
    }
}

extension Modifier where Self == T5BiasModifier {
    /// A bias that begins at 0 in every bucket.
    /// - Throws: `ShapeError` if there cannot be such buckets.
    public static func t5Bias(
        headCount: Int, bidirectional: Bool, buckets: Int = 32, maximumDistance: Int = 128
    ) throws(ShapeError) -> T5BiasModifier {
        T5BiasModifier(
            relativeBias: .zeros([buckets, headCount]),
            buckets: try RelativeBuckets(
                count: buckets, maximumDistance: maximumDistance, isBidirectional: bidirectional))
    }
}

extension T5BiasModifier {
    /// What there is to know of it.
    public static let descriptor = ModifierDescriptor(
        "t5_bias", "T5 relative position bias", .modifier,
        formula: "s + relative_bias[bucket(j − p), h]",
        cost: "O(QK)", use: "Relative positions with few parameters; used with the unscaled dot score.",
        source: "Raffel et al. 2020, T5, sec. 2.1",
        options: RelativeBuckets.options + [.offset],
        aside: Aside([.tables("table", RelativeBuckets.options)], compute: RelativeBuckets.table),
        example: PartExample(["buckets": .number(8), "max_distance": .number(16), "bidirectional": .truth(true)]) {
            $0.parameters(["relative_bias": [8, 1]])
        }
    ) { request in
        try request.shifted(
            T5BiasModifier(relativeBias: request.tensor("relative_bias"), buckets: RelativeBuckets(request.options)))
    }
}
