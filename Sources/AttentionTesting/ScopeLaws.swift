public import AttentionMechanisms
internal import AttentionTensors

/// What every scope promises: that its region is what it says, in symbols and as a mask.
public struct ScopeLaws {
    private let scope: any Scope
    private let queryCount: Int
    private let keyCount: Int
    private let offset: Int
    private let query: Tensor
    private let keys: Tensor

    /// The laws of this scope, for so many queries and keys in a batch of 2; the first query stands at the keys' position `offset`.
    public init(_ scope: any Scope, queryCount: Int = 5, keyCount: Int = 12, offset: Int = 3) {
        (self.scope, self.queryCount, self.keyCount, self.offset) = (scope, queryCount, keyCount, offset)
        query = .uniform([2, 2, queryCount, 4], in: -1...1, key: RandomKey(seed: 1))
        keys = .uniform([2, 2, keyCount, 4], in: -1...1, key: RandomKey(seed: 2))
    }

    /// The region holds exactly the pairs that `admits` names: of the query at position p = i + offset and key j.
    /// - Throws: `LawViolation` naming the first pair.
    public func checkDefinition(_ admits: (_ item: Int, _ p: Int, _ j: Int) -> Bool) throws {
        let visible = try explicitMask()
        for item in 0..<2 {
            for i in 0..<queryCount {
                for j in 0..<keyCount {
                    try require(
                        visible[item, 0, i, j] == admits(item, i + offset, j), "the region is its definition",
                        found:
                            "query \(i) at \(i + offset) \(visible[item, 0, i, j] ? "seeing" : "not seeing") key \(j)")
                }
            }
        }
    }

    /// Attention within the region, fused or not, is attention within the mask that the region stands for.
    /// - Throws: `LawViolation` if they differ.
    public func checkRegionIsItsMask() throws {
        let values = Tensor.uniform([2, 2, keyCount, 3], in: -1...1, key: RandomKey(seed: 3))
        var symbolic = AttentionMechanism()
        symbolic.scope = scope
        let memory = try symbolic.remember(keys: keys, values: values, lengths: [max(0, keyCount - 3), 0])
        let expected = try AttentionMechanism(scope: MaskScope.mask(explicitMask()))
            .align(query, memory, positions: .from(offset))
        let found = try symbolic.align(query, memory, positions: .from(offset))
        try requireClose(
            found.weights, expected.weights, tolerance: 0, "aligning within a region is aligning within its mask")
        try requireClose(
            try symbolic.attend(query, memory, positions: .from(offset)), expected.context, tolerance: 1e-5,
            "attending within a region is attending within its mask")
    }

    /// [2, 1, Q, K].
    private func explicitMask() throws -> Mask {
        let shape: Shape = [2, 1, queryCount, keyCount]
        let all = try Mask([Bool](repeating: true, count: shape.elementCount), shape: shape)
        let memory = try Memory(preparedKeys: keys, values: keys)
        let region = try scope.region(query: query, memory: memory, positions: .from(offset))
        return try region.mask(queryCount: queryCount, keyCount: keyCount, lengths: nil)?.intersection(all) ?? all
    }
}
