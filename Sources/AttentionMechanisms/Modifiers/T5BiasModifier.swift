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
    public func modify(scores: Tensor, query: Tensor, offset: Int) throws(ShapeError) -> Tensor {
        let (queryCount, keyCount) = (scores.shape[2], scores.shape[3])
        try check(headCount: scores.shape[1])
        let rows = (0..<queryCount).flatMap { i in (0..<keyCount).map { j in buckets.bucket(of: j - i - offset) } }
        return scores + (try relativeBias.rows(rows, shape: [queryCount, keyCount])).permuted([2, 0, 1])
    }

    /// - Throws: as `modify`.
    public func changes(of scores: ScoreGrid) throws(ShapeError) -> [ScoreChange]? {
        try check(headCount: scores.headCount)
        let rows = scores.distances.values.map { buckets.bucket(of: Int($0)) }
        return [.distanceBias(try relativeBias.rows(rows, shape: [rows.count]).transposed())]
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
