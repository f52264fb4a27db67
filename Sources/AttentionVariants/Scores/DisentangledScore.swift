public import AttentionMechanisms
public import AttentionTensors

/// s_ij = (q_i · k_j + q_i · relative_key[δ(i, j)] + k_j · relative_query[δ′]) / √(3D): content with content, content with position, position
/// with content; δ(i, j) = clamp(i − j + k, 0, 2k − 1).
///
/// Queries and keys both begin at position 0.
///
/// *Source:* He, Liu, Gao & Chen 2021, *DeBERTa*, eq. 2–4.
public struct DisentangledScore: Score {
    /// How a key looks up the position of a query, δ′.
    public enum Index: String, Sendable, Hashable, CaseIterable {
        /// δ(j, i), as the paper has it.
        case paper
        /// δ(i, j), as the code that the authors released has it, and every checkpoint made with it.
        case code
    }

    /// Positions as keys, projected, [H, 2k, D].
    public var relativeKey: Parameter
    /// Positions as queries, projected, [H, 2k, D].
    public var relativeQuery: Parameter
    /// How a key looks up the position of a query.
    public let index: Index

    /// A score with these positions [H, 2k, D].
    public init(relativeKey: Tensor, relativeQuery: Tensor, index: Index) {
        self.relativeKey = Parameter(relativeKey)
        self.relativeQuery = Parameter(relativeQuery)
        self.index = index
    }

    /// - Throws: `ShapeError` unless there are 2k positions of the query's size for each of its heads.
    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        let (heads, size) = (query.shape[1], query.shape[3])
        let isFit =
            relativeKey.shape.rank == 3 && relativeKey.shape == relativeQuery.shape && relativeKey.shape[0] == heads
            && relativeKey.shape[1] >= 2 && relativeKey.shape[1] % 2 == 0 && relativeKey.shape[2] == size
        try require(
            isFit, "disentangled", expected: "relative keys and queries [\(heads), 2k, \(size)]",
            found: "\(relativeKey.shape) and \(relativeQuery.shape)")
        let content = try matmul(query, keys.transposed())
        let towardsKeys = try products(query, with: relativeKey.tensor, count: keys.shape[2]) { $0 }
        let towardsQueries = try products(keys, with: relativeQuery.tensor, count: query.shape[2]) {
            index == .paper ? $0 : -$0
        }
        return (content + towardsKeys + towardsQueries.transposed()) * (1 / Float(3 * max(size, 1)).squareRoot())
    }

    /// x_r · table[clamp(sign(r − c) + k, 0, 2k − 1)] for every row r of x [B, H, R, D] and every c < count: [B, H, R, count].
    private func products(
        _ x: Tensor, with table: Tensor, count: Int, sign: (Int) -> Int
    ) throws(ShapeError) -> Tensor {
        let (heads, slots, size) = (table.shape[0], table.shape[1], table.shape[2])
        let rowCount = x.shape[2]
        // Column n of the shift belongs to r − c = (R − 1) − n.
        let rows = (0..<rowCount + count).map { min(max(sign(rowCount - 1 - $0) + slots / 2, 0), slots - 1) }
        let positions = try table.transposed(0, 1).reshaped(to: [slots, heads * size])
            .rows(rows, shape: [rows.count]).reshaped(to: [rows.count, heads, size]).permuted([1, 2, 0])
        return try matmul(x, positions).relativelyShifted()
    }

    /// `relative_key` and `relative_query`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try relativeKey.visit(&visitor, path / "relative_key")
        try relativeQuery.visit(&visitor, path / "relative_query")
    }
}

extension DisentangledScore {
    /// What there is to know of it.
    public static let descriptor = MechanismDescriptor(
        "disentangled", "Disentangled attention", .relativeHeads,
        formula:
            "s_ij = (q_i · k_j + q_i · K^r_δ(i,j) + k_j · Q^r_δ′) / √(3D), δ(i, j) = clamp(i − j + k, 0, 2k − 1)",
        cost: "O(Q K D) time, three products instead of one",
        use: "Encoders in which what a word is and where it stands ask for each other separately: DeBERTa.",
        source:
            "He, Liu, Gao & Chen 2021, DeBERTa, eq. 2–4; δ′ = δ(j, i) in the paper, δ(i, j) in the released code",
        options: [.integer("span", else: "half of the relative keys"), .choice("index", Index.self)],
        example: Example(["span": .number(4), "index": .text("paper")]) {
            try $0.headed() + $0.parameters(["relative_key": [1, 8, $0.size], "relative_query": [1, 8, $0.size]])
        }
    ) { request in
        let relativeKey = try request.tensor("relative_key")
        let slots = relativeKey.shape.rank == 3 ? relativeKey.shape[1] : 0
        let span = try request.options.integer(ifGiven: "span") ?? slots / 2
        guard slots % 2 == 0, slots / 2 == span else {
            throw RequestError.unfitTensor(
                "relative_key", expected: "two positions for each of a span of \(span): [H, 2 · span, D]",
                found: "\(relativeKey.shape)")
        }
        let score = DisentangledScore(
            relativeKey: relativeKey, relativeQuery: try request.tensor("relative_query"),
            index: try request.options.choice("index"))
        return try request.outputs(of: AttentionMechanism(score: score))
    }
}
