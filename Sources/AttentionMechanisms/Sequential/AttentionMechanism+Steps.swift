public import AttentionTensors

/// The place of the next query of each item.
public struct StepPosition: SequentialState, Hashable {
    /// How many steps each item has taken.
    public private(set) var positions = Positions.from(0)

    /// The place before the first step.
    public init() {}

    /// Every item takes a step.
    mutating func advance() throws(ShapeError) { positions = try positions.advanced(by: 1) }

    public func selecting(_ rows: [Int]) throws(ShapeError) -> StepPosition {
        var result = self
        result.positions = try positions.selecting(rows)
        return result
    }

    public func moving(_ moved: [Bool], from earlier: StepPosition) throws(ShapeError) -> StepPosition {
        let (new, old) = (
            try positions.table("moving", rowCount: moved.count, count: 1),
            try earlier.positions.table("moving", rowCount: moved.count, count: 1)
        )
        var result = self
        result.positions = .from(moved.enumerated().map { $1 ? new[$0, 0] : old[$0, 0] })
        return result
    }
}

/// A mechanism without memory of its own steps still knows how many there were: its scope and its positions move along.
extension AttentionMechanism: SequentialMechanism {
    public func remember(keys: Tensor, values: Tensor, lengths: [Int]?) throws(ShapeError) -> Memory {
        try remember(keys: keys, values: values, lengths: lengths, positions: .from(0))
    }

    public func start(_ memory: Memory) -> StepPosition { StepPosition() }

    public func step(
        _ query: Tensor, _ memory: Memory, _ state: inout StepPosition, training key: RandomKey?
    ) throws(ShapeError) -> Alignment {
        let alignment = try align(query, memory, positions: state.positions, training: key)
        try state.advance()
        return alignment
    }
}
