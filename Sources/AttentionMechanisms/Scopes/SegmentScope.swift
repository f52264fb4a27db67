public import AttentionTensors

/// query segment[item][i] = key segment[item][j]: documents packed into one sequence keep to themselves.
///
/// *Source:* Krell et al. 2021, *Efficient Sequence Packing without Cross-contamination*.
public struct SegmentScope: Scope {
    /// The segment of each query of the call, per item.
    public let querySegments: [[Int]]
    /// The segment of each key, per item.
    public let keySegments: [[Int]]

    /// - Throws: `ShapeError` unless there is a segment for each query and each key of each item.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        for (what, segments, count) in [
            ("query", querySegments, query.shape[2]), ("key", keySegments, memory.keyCount),
        ] {
            try require(
                segments.count == query.shape[0] && segments.allSatisfy { $0.count == count }, "segment",
                expected: "\(query.shape[0]) × \(count) \(what) segments",
                found: "\(segments.map(\.count)) of \(segments.count) items")
        }
        return try .pairsOfItems(query, memory, .from(0)) { item, i, j in
            querySegments[item][i] == keySegments[item][j]
        }
    }
}

extension Scope where Self == SegmentScope {
    /// At keys of the query's own segment.
    public static func segment(querySegments: [[Int]], keySegments: [[Int]]) -> SegmentScope {
        SegmentScope(querySegments: querySegments, keySegments: keySegments)
    }
}
