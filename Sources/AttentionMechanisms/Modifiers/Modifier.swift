public import AttentionTensors

/// What stands between score and scope: it turns or scales queries and keys before they are compared, or changes scores afterwards.
///
/// Modifiers act in the order of the mechanism's list. Positions are absolute: queries stand at the positions of the call, key j at its place in the
/// memory.
public protocol Modifier: Module {
    /// Queries [B, H, Q, D] at these positions, as they are to be compared. The identity unless stated.
    func transform(query: Tensor, positions: Positions) throws(ShapeError) -> Tensor
    /// Keys [B, H, K, D] at these positions, as they are to be compared. The identity unless stated.
    func transform(keys: Tensor, positions: Positions) throws(ShapeError) -> Tensor
    /// Scores [B, H, Q, K] of these queries [B, H, Q, D] at these positions, as they are to be normalised. The identity unless stated.
    func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor
    /// The context [B, H, Q, Dv] that these weights [B, H, Q, K] read, as it is to be returned. The identity unless stated.
    func modify(context: Tensor, weights: Tensor, positions: Positions) throws(ShapeError) -> Tensor
    /// The pairs that the modifier lets meet: for biases of −∞, which exclude a pair rather than add to its score. Everywhere unless
    /// stated.
    func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region
    /// Whether scores and context pass unchanged, so that fused kernels can be used.
    var leavesScores: Bool { get }
    /// What `modify` does, in order, said so that fused kernels can do it; nil if it cannot be said so. Unless stated, nothing or nil.
    func changes(of scores: ScoreGrid) throws(ShapeError) -> [ScoreChange]?
}

/// What there is to know of a modifier.
public typealias ModifierDescriptor = PartDescriptor<any Modifier>

extension Modifier {
    public func transform(query: Tensor, positions: Positions) throws(ShapeError) -> Tensor { query }
    public func transform(keys: Tensor, positions: Positions) throws(ShapeError) -> Tensor { keys }
    public func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor { scores }
    public func modify(context: Tensor, weights: Tensor, positions: Positions) throws(ShapeError) -> Tensor { context }
    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region { .everywhere }
    public var leavesScores: Bool { false }
    public func changes(of scores: ScoreGrid) throws(ShapeError) -> [ScoreChange]? { leavesScores ? [] : nil }

    /// No parameters unless stated.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}
}
