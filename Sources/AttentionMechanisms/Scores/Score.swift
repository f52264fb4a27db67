public import AttentionTensors

/// How well a query matches a key: s_ij from query i and key j.
///
/// Most scores in the literature are a transformation of the query, one of the key, and one of two comparisons: the inner product
/// or the additive one. The keys' transformation is applied once per memory.
public protocol Score: Module {
    /// Queries [B, H, Q, Dq] as they are compared: [B, H, Q, D]. The identity unless stated.
    func transform(query: Tensor) throws(ShapeError) -> Tensor
    /// Keys [B, H, K, Dk] as they are compared: [B, H, K, D]. The identity unless stated.
    func transform(keys: Tensor) throws(ShapeError) -> Tensor
    /// Transformed queries [B, H, Q, D] × transformed keys [B, H, K, D] → scores [B, H, Q, K].
    func compare(_ query: Tensor, _ keys: Tensor) throws(ShapeError) -> Tensor
    /// The keys that can be scored, as a mask [1, K]; nil, unless stated, when all can be.
    func scorable(keyCount: Int) -> Mask?
    /// The factor, if `compare` is the inner product times a factor, which fused kernels can take over.
    func innerProductScale(size: Int) -> Float?
}

/// What there is to know of a score.
public typealias ScoreDescriptor = PartDescriptor<any Score>

extension Score {
    public func transform(query: Tensor) throws(ShapeError) -> Tensor { query }
    public func transform(keys: Tensor) throws(ShapeError) -> Tensor { keys }
    public func scorable(keyCount: Int) -> Mask? { nil }
    public func innerProductScale(size: Int) -> Float? { nil }

    /// No parameters unless stated.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}
}

/// scale · q kᵀ over the last axis: the first of the two comparisons.
func innerProducts(_ query: Tensor, _ keys: Tensor, scale: Float) throws(ShapeError) -> Tensor {
    try pairwiseProducts(query, keys, scale: scale)
}
