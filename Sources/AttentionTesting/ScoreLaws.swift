public import AttentionMechanisms
internal import AttentionTensors

/// What every score promises, checked at random queries and keys.
///
/// ```swift
/// @Test func laws() throws { try ScoreLaws(MyScore(), querySize: 4, keySize: 4).checkAll() }
/// ```
public struct ScoreLaws {
    private let score: any Score
    private let querySize: Int
    private let keySize: Int
    private let key: RandomKey

    /// The laws of this score, for queries and keys of these sizes.
    public init(_ score: any Score, querySize: Int, keySize: Int, seed: UInt64 = 5) {
        (self.score, self.querySize, self.keySize, key) = (score, querySize, keySize, RandomKey(seed: seed))
    }

    /// All laws.
    /// - Throws: `LawViolation` or `GradientCheckFailure`: the first that is broken.
    public func checkAll() throws {
        try checkShape()
        try checkKeysStandAlone()
        try checkItemsStandAlone()
        try checkInnerProduct()
        try checkGradients()
    }

    /// Queries [B, H, Q, Dq] and keys [B, H, K, Dk] have scores [B, H, Q, K].
    public func checkShape() throws {
        let found = try scores(queries(2), keys(2)).shape
        try require(found == [2, 2, 3, 4], "scores of 3 queries and 4 keys are [2, 2, 3, 4]", found: "\(found)")
    }

    /// A score depends on its own query and its own key: permuting keys permutes scores.
    public func checkKeysStandAlone() throws {
        let order = [2, 0, 3, 1]
        let (query, keys) = (queries(2), keys(2))
        let permuted = try concatenated(order.map { try keys.sliced(axis: 2, $0..<$0 + 1) }, axis: 2)
        let plain = try scores(query, keys)
        let expected = try concatenated(order.map { try plain.sliced(axis: 3, $0..<$0 + 1) }, axis: 3)
        try requireClose(
            try scores(query, permuted), expected, tolerance: 1e-6, "permuting keys permutes their scores")
    }

    /// Items of a batch do not see each other.
    public func checkItemsStandAlone() throws {
        let (query, keys) = (queries(3), keys(3))
        let together = try scores(query, keys)
        for item in 0..<3 {
            let alone = try scores(query.sliced(axis: 0, item..<item + 1), keys.sliced(axis: 0, item..<item + 1))
            try requireClose(
                alone, try together.sliced(axis: 0, item..<item + 1), tolerance: 1e-6,
                "an item has the same scores alone and in a batch")
        }
    }

    /// What the score tells fused kernels is what it computes.
    public func checkInnerProduct() throws {
        let (query, keys) = (try score.transform(query: queries(2)), try score.transform(keys: keys(2)))
        guard let scale = score.innerProductScale(size: query.shape[3]) else { return }
        try requireClose(
            try score.compare(query, keys), try matmul(query, keys.transposed()) * scale, tolerance: 1e-5,
            "scores with an inner product scale are inner products times that scale")
    }

    /// The derivatives by queries, keys and all parameters are right.
    public func checkGradients() throws {
        try AttentionTesting.checkGradients(of: [queries(2), keys(2)] + score.parameters().map(\.parameter.tensor)) {
            inputs in
            try score.with(parameters: inputs.dropFirst(2)).scores(inputs[0], inputs[1])
        }
    }

    private func scores(_ query: Tensor, _ keys: Tensor) throws -> Tensor { try score.scores(query, keys) }

    private func queries(_ batch: Int) -> Tensor { .uniform([batch, 2, 3, querySize], in: -1...1, key: key[0]) }

    private func keys(_ batch: Int) -> Tensor { .uniform([batch, 2, 4, keySize], in: -1...1, key: key[1]) }
}

extension Score {
    /// Scores of queries and keys as they come.
    fileprivate func scores(_ query: Tensor, _ keys: Tensor) throws -> Tensor {
        try compare(try transform(query: query), try transform(keys: keys))
    }
}
