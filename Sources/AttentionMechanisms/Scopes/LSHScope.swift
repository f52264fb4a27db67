public import AttentionTensors

/// bucket(q_i) = bucket(k_j), with bucket(x) = argmax [x R_h, −x R_h]: pairs that random rotations hash alike.
///
/// One round, without chunks or a causal term. Queries and keys are hashed as the score compares them. The buckets are piecewise
/// constant: no gradient flows through them.
///
/// *Source:* Kitaev, Kaiser & Levskaya 2020, *Reformer*, sec. 2.
public struct LSHScope: Scope {
    /// R, [H, D, buckets / 2].
    public let rotations: Tensor

    /// - Throws: `ShapeError` unless there is a rotation of the head size for each head.
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        let keys = memory.keys
        let (batch, heads, size) = (query.shape[0], query.shape[1], query.shape[3])
        try require(
            rotations.shape.rank == 3 && rotations.shape[0] == heads && rotations.shape[1] == size
                && rotations.shape[2] > 0 && keys.shape[3] == size,
            "lsh", expected: "rotations [\(heads), \(keys.shape[3]), n]", found: "\(rotations.shape)")
        let queryBuckets = try buckets(of: query)
        let keyBuckets = try buckets(of: keys.detached().repeatingHeads(heads / keys.shape[1]))
        let (queryCount, keyCount) = (query.shape[2], memory.keyCount)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(batch * heads * queryCount * keyCount)
        for row in 0..<batch * heads {
            for bucket in queryBuckets[row * queryCount..<(row + 1) * queryCount] {
                for other in keyBuckets[row * keyCount..<(row + 1) * keyCount] { bytes.append(bucket == other ? 1 : 0) }
            }
        }
        return .mask(Mask(shape: [batch, heads, queryCount, keyCount], bytes: bytes))
    }

    /// The bucket of each vector of [B, H, L, D], row-major.
    private func buckets(of vectors: Tensor) throws(ShapeError) -> [Int] {
        let projected = try matmul(vectors.detached(), rotations.detached().unsqueezed(axis: 0))
        return try concatenated([projected, -projected], axis: -1).indicesOfMaximum()
    }
}

extension Scope where Self == LSHScope {
    /// At keys that these rotations [H, D, buckets / 2] hash like the query.
    public static func lsh(rotations: Tensor) -> LSHScope { LSHScope(rotations: rotations) }
}

extension LSHScope {
    /// What there is to know of it.
    public static let descriptor = ScopeDescriptor(
        "lsh", "Locality-sensitive hashing", .scope,
        formula: "bucket(q_i) = bucket(k_j), bucket(x) = argmax [xR, −xR]",
        cost: "O(L log L) with sorting", use: "Long sequences whose attention is sparse, but nobody knows where.",
        source: "Kitaev, Kaiser & Levskaya 2020, Reformer, sec. 2",
        options: [.offset],
        example: PartExample { $0.parameters(["rotations": [1, $0.size, 2]]) }
    ) { request in try request.shifted(LSHScope.lsh(rotations: request.constant("rotations"))) }
}
