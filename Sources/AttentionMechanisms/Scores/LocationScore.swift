public import AttentionTensors

/// s_ij = (W q_i)_j: the query alone says where to look; keys count by their position only.
///
/// Keys from position Lmax on cannot be scored, so no query sees them.
///
/// *Source:* Luong, Pham & Manning 2015, *Effective Approaches to Attention-based NMT*, eq. 8 (the paper's W_a).
public struct LocationScore: Score {
    /// W, [Lmax, Dq].
    public var weight: Parameter

    /// A score with this weight [Lmax, Dq].
    public init(weight: Tensor) { self.weight = Parameter(weight) }

    /// W q, [B, H, Q, Lmax].
    public func transform(query: Tensor) throws(ShapeError) -> Tensor { try linear(query, weight: weight) }

    /// Zeros [B, H, K, Lmax] that take no memory: all that is asked of the keys is how many there are.
    public func transform(keys: Tensor) throws(ShapeError) -> Tensor {
        try require(weight.shape.rank == 2, "location", expected: "a weight [Lmax, Dq]", found: "\(weight.shape)")
        return try Tensor.zeros([1]).expanded(to: Shape(keys.shape.dimensions.dropLast() + [weight.shape[0]]))
    }

    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        let (limit, keyCount) = (query.shape[3], keys.shape[2])
        guard keyCount > limit else { return try query.sliced(axis: 3, 0..<keyCount) }
        let beyond = Tensor.zeros(Shape(query.shape.dimensions.dropLast() + [keyCount - limit]))
        return try concatenated([query, beyond], axis: 3)
    }

    /// The keys before position Lmax.
    public func scorable(keyCount: Int) -> Mask? {
        let limit = weight.shape[0]
        return keyCount > limit ? Mask(shape: [1, keyCount], bytes: (0..<keyCount).map { $0 < limit ? 1 : 0 }) : nil
    }

    /// `weight`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
    }
}

extension Score where Self == LocationScore {
    /// A score of up to `keyLimit` positions, its weight drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public static func location(querySize: Int, keyLimit: Int, key: RandomKey) -> LocationScore {
        LocationScore(weight: .glorot([keyLimit, querySize], key: key))
    }
}

extension LocationScore {
    /// What there is to know of it.
    public static let descriptor = ScoreDescriptor(
        "location", "Location", .score,
        formula: "s_ij = (W q_i)_j", cost: "O(QDK)",
        use: "The query alone says where to look. Sources have a known longest length.",
        source: "Luong, Pham & Manning 2015, eq. 8",
        fresh: .refused("one that can score a source of any length"),
        example: PartExample { $0.parameters(["weight": [$0.length, $0.size]]) }
    ) { request in LocationScore(weight: try request.tensor("weight")) }
}
