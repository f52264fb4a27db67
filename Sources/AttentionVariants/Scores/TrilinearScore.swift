public import AttentionMechanisms
public import AttentionTensors

/// s_ij = w · [q_i; k_j; q_i ⊙ k_j].
///
/// *Source:* Seo et al. 2017, *Bidirectional Attention Flow for Machine Comprehension*, sec. 2, eq. 1.
public struct TrilinearScore: Score {
    /// w, [3D].
    public var weight: Parameter

    /// A score with this weight [3D].
    public init(weight: Tensor) { self.weight = Parameter(weight) }

    public func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor {
        let size = query.shape[-1]
        try require(
            weight.shape == [3 * size] && keys.shape[-1] == size, "trilinear",
            expected: "queries and keys of one size D and a weight [3D]",
            found: "\(query.shape), \(keys.shape) and \(weight.shape)")
        let columns = try weight.tensor.reshaped(to: [3, size, 1])
        let ofQuery = try matmul(query, try columns.at(0))  // [B, H, Q, 1]
        let ofKeys = try matmul(keys, try columns.at(1)).transposed()  // [B, H, 1, K]
        let both = try pairwiseProducts(query * (try columns.at(2).squeezed(axis: 1)), keys, scale: 1)
        return both + ofQuery + ofKeys
    }

    /// `weight`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try weight.visit(&visitor, path / "weight")
    }
}

extension Score where Self == TrilinearScore {
    /// BiDAF's score, its weight drawn uniformly (Glorot & Bengio 2010, eq. 16).
    public static func trilinear(size: Int, key: RandomKey) -> TrilinearScore {
        TrilinearScore(weight: .glorot([3 * size], key: key))
    }
}
