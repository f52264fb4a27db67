public import AttentionTensors

/// The place of the next query, the same for all items.
public struct StepPosition: SequentialState, Hashable {
    /// How many steps were taken.
    public var index = 0

    /// The place before the first step.
    public init() {}

    public func selecting(_ rows: [Int]) -> StepPosition { self }
}

/// A mechanism without memory of its own steps still knows how many there were: its scope and its positions move along.
extension AttentionMechanism: SequentialMechanism {
    public func remember(keys: Tensor, values: Tensor, lengths: [Int]?) throws(ShapeError) -> Memory {
        try remember(keys: keys, values: values, lengths: lengths, offset: 0)
    }

    public func start(_ memory: Memory) -> StepPosition { StepPosition() }

    public func step(
        _ query: Tensor, _ memory: Memory, _ state: inout StepPosition, training key: RandomKey?
    ) throws(ShapeError) -> Alignment {
        defer { state.index += 1 }
        return try align(query, memory, offset: state.index, training: key)
    }
}
