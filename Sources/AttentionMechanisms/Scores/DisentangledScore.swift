public import AttentionTensors
internal import Glibc

/// s_ij = (q_i · k_j + q_i · relative_key[δ(i, j)] + k_j · relative_query[δ′]) / √(nD): content with content, content with position, position
/// with content, as many terms n as there are; δ(i, j) = clamp(r(i − j) + k, 0, 2k − 1), r the distance or the bucket it falls into.
///
/// Queries and keys both begin at position 0.
///
/// *Source:* He, Liu, Gao & Chen 2021, *DeBERTa*, eq. 2–4; buckets: He, Gao & Chen 2023, *DeBERTaV3*, as released.
public struct DisentangledScore: Score {
    /// How a key looks up the position of a query, δ′.
    public enum Index: String, Sendable, Hashable, CaseIterable {
        /// δ(j, i), as the paper has it.
        case paper
        /// δ(i, j), as the code that the authors released has it, and every checkpoint made with it.
        case code
    }

    /// Which distances share a position.
    public enum Distances: Sendable, Hashable {
        /// None but those beyond k.
        case clamped
        /// From k / 2 on more and more, the last k − 1 at the maximum distance: ⌈ln(d / m) / ln((maximum − 1) / m) · (m − 1)⌉ + m with m = k / 2.
        case logarithmic(maximum: Int)
    }

    /// Positions as keys, projected, [H, 2k, D]; nil if content does not look at positions.
    public var relativeKey: Parameter?
    /// Positions as queries, projected, [H, 2k, D]; nil if positions do not look at content.
    public var relativeQuery: Parameter?
    /// How a key looks up the position of a query.
    public let index: Index
    /// Which distances share a position.
    public let distances: Distances

    /// A score with these positions [H, 2k, D].
    public init(relativeKey: Tensor?, relativeQuery: Tensor?, index: Index, distances: Distances = .clamped) {
        self.relativeKey = relativeKey.map { Parameter($0) }
        self.relativeQuery = relativeQuery.map { Parameter($0) }
        self.index = index
        self.distances = distances
    }

    /// - Throws: `ShapeError` unless there are 2k positions of the query's size for each of its heads.
    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        for table in [relativeKey, relativeQuery].compactMap(\.self) { try check(table.shape, against: query.shape) }
        var sum = try matmul(query, keys.transposed())
        if let relativeKey {
            sum = sum + (try products(query, with: relativeKey.tensor, count: keys.shape[2]) { $0 })
        }
        if let relativeQuery {
            let towardsQueries = try products(keys, with: relativeQuery.tensor, count: query.shape[2]) {
                index == .paper ? $0 : -$0
            }
            sum = sum + towardsQueries.transposed()
        }
        let termCount = 1 + (relativeKey == nil ? 0 : 1) + (relativeQuery == nil ? 0 : 1)
        return sum * (1 / Float(termCount * max(query.shape[3], 1)).squareRoot())
    }

    private func check(_ table: Shape, against query: Shape) throws(ShapeError) {
        let (heads, size) = (query[1], query[3])
        try require(
            table.rank == 3 && table[0] == heads && table[1] >= 2 && table[1] % 2 == 0 && table[2] == size,
            "disentangled", expected: "relative keys and queries [\(heads), 2k, \(size)]", found: "\(table)")
        if case .logarithmic(let maximum) = distances {
            try require(
                table[1] >= 4 && maximum - 1 > table[1] / 4, "disentangled",
                expected: "at least 2 buckets a side and a maximum distance above \(table[1] / 4 + 1)",
                found: "\(table[1] / 2) and \(maximum)")
        }
    }

    /// The position that a distance looks up, of k on each side.
    private func bucket(of distance: Int, sideCount: Int) -> Int {
        guard case .logarithmic(let maximum) = distances else { return distance }
        let exact = sideCount / 2
        guard abs(distance) > exact else { return distance }
        let share = log(Double(abs(distance)) / Double(exact)) / log(Double(maximum - 1) / Double(exact))
        // The small term keeps what is an integer exactly from being rounded up by its last digit.
        let wide = Int((share * Double(exact - 1) - 1e-9).rounded(.up)) + exact
        return distance < 0 ? -wide : wide
    }

    /// x_r · table[clamp(sign(bucket(r − c)) + k, 0, 2k − 1)] for every row r of x [B, H, R, D] and every c < count: [B, H, R, count].
    private func products(
        _ x: Tensor, with table: Tensor, count: Int, sign: (Int) -> Int
    ) throws(ShapeError) -> Tensor {
        let (heads, slots, size) = (table.shape[0], table.shape[1], table.shape[2])
        let rowCount = x.shape[2]
        // Column n of the shift belongs to r − c = (R − 1) − n.
        let rows = (0..<rowCount + count).map { column in
            let side = slots / 2
            return min(max(sign(bucket(of: rowCount - 1 - column, sideCount: side)) + side, 0), slots - 1)
        }
        let positions = try table.transposed(0, 1).reshaped(to: [slots, heads * size])
            .rows(rows, shape: [rows.count]).reshaped(to: [rows.count, heads, size]).permuted([1, 2, 0])
        return try matmul(x, positions).relativelyShifted()
    }

    /// `relative_key` and `relative_query`, as far as there are any.
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
