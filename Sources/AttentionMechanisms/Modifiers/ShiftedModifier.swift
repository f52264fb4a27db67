public import AttentionTensors

/// Another modifier, for which queries and keys stand further on than the call says.
public struct ShiftedModifier: Modifier {
    /// What is done.
    public var base: any Modifier
    /// What is added to the position of every query.
    public let queryShift: Int
    /// What is added to the position of every key that is remembered.
    public let keyShift: Int

    /// `base`, with queries and keys so many positions further on.
    public init(_ base: some Modifier, queries queryShift: Int = 0, keys keyShift: Int = 0) {
        self.base = base
        self.queryShift = queryShift
        self.keyShift = keyShift
    }

    public func transform(query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try base.transform(query: query, positions: try positions.advanced(by: queryShift))
    }

    public func transform(keys: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try base.transform(keys: keys, positions: try positions.advanced(by: keyShift))
    }

    public func modify(scores: Tensor, query: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try base.modify(scores: scores, query: query, positions: try positions.advanced(by: queryShift))
    }

    public func modify(context: Tensor, weights: Tensor, positions: Positions) throws(ShapeError) -> Tensor {
        try base.modify(context: context, weights: weights, positions: try positions.advanced(by: queryShift))
    }

    public func region(query: Tensor, memory: Memory, positions: Positions) throws(ShapeError) -> Region {
        try base.region(query: query, memory: memory, positions: try positions.advanced(by: queryShift))
    }

    public var leavesScores: Bool { base.leavesScores }

    /// The base's parameters, under their own names.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try base.visit(&visitor, path)
    }
}

extension Request {
    /// The modifier for queries that stand the option `offset` further on.
    func shifted(_ modifier: some Modifier) throws -> any Modifier {
        let offset = try options.integer("offset")
        return offset == 0 ? modifier : ShiftedModifier(modifier, queries: offset)
    }
}
