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

extension SegmentScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "segment", "Packed segments", .scope,
        formula: "segment_query[b, i] = segment_key[b, j]",
        cost: "O(BQK)", use: "Several documents packed into one sequence that should not see each other.",
        source: "Krell et al. 2021, Efficient Sequence Packing without Cross-contamination",
        options: [.offset],
        example: PartExample { material in
            let segments = (0..<material.length).map { $0 * 2 / material.length }
            return [
                "segment_query": .integers(segments, shape: [1, material.length]),
                "segment_key": .integers(segments, shape: [1, material.length]),
            ]
        }
    ) { request in
        try request.shifted(
            SegmentScope.segment(
                querySegments: request.integers("segment_query").rows, keySegments: request.integers("segment_key").rows
            ))
    }
}

extension IntegerTensor {
    /// The rows along the first axis.
    fileprivate var rows: [[Int]] {
        let count = shape.dimensions.first ?? 0
        guard count > 0 else { return [] }
        let size = values.count / count
        return (0..<count).map { Array(values[$0 * size..<($0 + 1) * size]) }
    }
}
