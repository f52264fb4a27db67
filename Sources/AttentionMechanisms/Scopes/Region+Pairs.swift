internal import AttentionTensors

extension Region {
    /// The pairs of key j and the query at position p = i + offset that `admits` names, alike for all items: a mask [1, 1, Q, K].
    /// - Complexity: O(QK).
    static func pairs(
        _ query: Tensor, _ keys: Tensor, offset: Int, where admits: (_ p: Int, _ j: Int) -> Bool
    ) -> Region {
        let (queryCount, keyCount) = (query.shape[2], keys.shape[2])
        return .mask(
            Mask(
                shape: [1, 1, queryCount, keyCount],
                bytes: (0..<queryCount).flatMap { i in (0..<keyCount).map { admits(i + offset, $0) ? 1 : 0 } }))
    }

    /// The pairs that `admits` names for each item of the batch: a mask [B, 1, Q, K].
    /// - Complexity: O(BQK).
    static func pairsOfItems(
        _ query: Tensor, _ keys: Tensor, offset: Int, where admits: (_ item: Int, _ p: Int, _ j: Int) -> Bool
    ) -> Region {
        let (batch, queryCount, keyCount) = (query.shape[0], query.shape[2], keys.shape[2])
        return .mask(
            Mask(
                shape: [batch, 1, queryCount, keyCount],
                bytes: (0..<batch).flatMap { item in
                    (0..<queryCount).flatMap { i in (0..<keyCount).map { admits(item, i + offset, $0) ? 1 : 0 } }
                }))
    }
}
