public import AttentionTensors

/// Another modifier, for which tokens stand where they are said to stand, whatever the call says: where positions are counted otherwise than
/// keys are, as behind padding on the left.
///
/// Queries and keys of the call are those tokens.
public struct PlacedModifier: Modifier {
    /// What is done.
    public var base: any Modifier
    /// Where the tokens stand.
    public let places: Positions

    /// `base`, with queries and keys at these places.
    public init(_ base: any Modifier, at places: Positions) { (self.base, self.places) = (base, places) }

    public func transform(query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try base.transform(query: query, positions: places)
    }

    public func transform(keys: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try base.transform(keys: keys, positions: places)
    }

    public func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try base.modify(scores: scores, query: query, positions: places)
    }

    public func modify(context: Tensor, weights: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try base.modify(context: context, weights: weights, positions: places)
    }

    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try base.region(query: query, memory: memory, positions: places)
    }

    public var leavesScores: Bool { base.leavesScores }

    public func changes(of scores: ScoreGrid) throws(ShapeError) -> [ScoreChange]? {
        try base.changes(of: scores.standing(at: places))
    }

    /// The base's parameters, under their own names.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try base.visit(&visitor, path)
    }
}
