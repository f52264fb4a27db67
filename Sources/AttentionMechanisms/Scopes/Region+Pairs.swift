internal import AttentionTensors

extension Region {
    /// The band p − left ≤ j ≤ p + right of every query at position p; nil leaves a side open. Where positions do not follow one by one,
    /// its pairs.
    /// - Throws: `ShapeError` if the positions do not fit the queries.
    static func band(
        _ query: Tensor, _ memory: Memory, _ positions: Positions, left: Int?, right: Int?
    ) throws(ShapeError) -> Region {
        if let firsts = positions.firsts {
            try positions.check("band", rowCount: query.shape[0], count: query.shape[2])
            return .bands(Bands(items: firsts.map { Band(around: $0, left: left, right: right) }))
        }
        return try .pairs(query, memory, positions) { p, j in Band(around: p, left: left, right: right).contains(0, j) }
    }

    /// The pairs of key j and the query at position p that `admits` names: a mask [1, 1, Q, K], or [B, 1, Q, K] where items differ in
    /// positions.
    /// - Throws: `ShapeError` if the positions do not fit the queries.
    /// - Complexity: O(QK), or O(BQK).
    static func pairs(
        _ query: Tensor, _ memory: Memory, _ positions: Positions, where admits: (_ p: Int, _ j: Int) -> Bool
    ) throws(ShapeError) -> Region {
        let places = try positions.table("scope", rowCount: query.shape[0], count: query.shape[2])
        return mask(items: places.rowCount, places, memory) { _, p, j in admits(p, j) }
    }

    /// The pairs that `admits` names for each item of the batch: a mask [B, 1, Q, K].
    /// - Throws: `ShapeError` if the positions do not fit the queries.
    /// - Complexity: O(BQK).
    static func pairsOfItems(
        _ query: Tensor, _ memory: Memory, _ positions: Positions,
        where admits: (_ item: Int, _ p: Int, _ j: Int) -> Bool
    ) throws(ShapeError) -> Region {
        let places = try positions.table("scope", rowCount: query.shape[0], count: query.shape[2])
        return mask(items: query.shape[0], places, memory, admits)
    }

    private static func mask(
        items: Int, _ places: PositionTable, _ memory: Memory, _ admits: (_ item: Int, _ p: Int, _ j: Int) -> Bool
    ) -> Region {
        let keyCount = memory.keyCount
        return .mask(
            Mask(
                shape: [items, 1, places.count, keyCount],
                bytes: (0..<items).flatMap { item in
                    (0..<places.count).flatMap { i in
                        (0..<keyCount).map { admits(item, places[item, i], $0) ? 1 : 0 }
                    }
                }))
    }
}
