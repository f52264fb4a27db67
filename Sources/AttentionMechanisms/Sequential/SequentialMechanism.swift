public import AttentionTensors

/// Attention that goes through a sequence query by query, each step knowing something of the earlier ones: where they looked, how often,
/// or just how many there were.
///
///     memory        = remember(keys, values)           prepared once
///     state         = start(memory)                    before the first query
///     weights, c    = step(query, memory, &state)      one query at a time
///
/// Decoders take their steps one by one; `alignSequence` takes all of them, and differentiates through them. Every
/// `AttentionMechanism` is one too: all it keeps is its position.
public protocol SequentialMechanism: Module {
    /// What a step leaves behind for the next.
    associatedtype State: SequentialState

    /// Keys [B, H, K, Dk] and values [B, H, K, Dv] as a memory, prepared once, however many steps follow.
    /// - Throws: `ShapeError` if the shapes do not fit each other or the parameters.
    func remember(keys: Tensor, values: Tensor, lengths: [Int]?) throws(ShapeError) -> Memory

    /// The state before the first step.
    /// - Throws: `ShapeError` if the memory is none of this mechanism's.
    func start(_ memory: Memory) throws(ShapeError) -> State

    /// What the next query [B, H, 1, Dq] reads from the memory, and where it looked.
    /// - Parameter key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func step(
        _ query: Tensor, _ memory: Memory, _ state: inout State, training: RandomKey?
    ) throws(ShapeError) -> Alignment
}

/// What a mechanism carries from step to step, one row per item of the batch.
public protocol SequentialState: Sendable {
    /// The states of these items, in this order.
    /// - Throws: `ShapeError` if there is no such item.
    func selecting(_ rows: [Int]) throws(ShapeError) -> Self

    /// This state for the items that moved, and the earlier one for those that did not.
    /// - Throws: `ShapeError` unless both are of as many items.
    func moving(_ moved: [Bool], from earlier: Self) throws(ShapeError) -> Self
}

/// Often a tensor [B, …] is all there is to carry.
extension Tensor: SequentialState {
    public func moving(_ moved: [Bool], from earlier: Tensor) throws(ShapeError) -> Tensor {
        guard shape == earlier.shape, shape.rank > 0, shape[0] == moved.count else {
            throw ShapeError(
                "moving", expected: "states of \(moved.count) items", found: "\(shape) and \(earlier.shape)")
        }
        return try concatenated([self, earlier], axis: 0)
            .selecting(moved.enumerated().map { $1 ? $0 : moved.count + $0 })
    }
}

extension SequentialMechanism {
    /// What queries [B, H, Q, Dq] read one after the other, from a given state or the first one.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func alignSequence(
        _ query: Tensor, _ memory: Memory, from first: State? = nil, training key: RandomKey? = nil
    ) throws(ShapeError) -> Alignment {
        guard query.shape.rank == 4, query.shape[0] == memory.keyShape[0] else {
            throw ShapeError(
                "alignSequence", expected: "queries [\(memory.keyShape[0]), H, Q, D]", found: "\(query.shape)")
        }
        var state = if let first { first } else { try start(memory) }
        var (weights, contexts): ([Tensor], [Tensor]) = ([], [])
        for index in 0..<query.shape[2] {
            let reading = try step(
                try query.sliced(axis: 2, index..<index + 1), memory, &state, training: key?[index])
            weights.append(reading.weights)
            contexts.append(reading.context)
        }
        let leading = Array(query.shape.dimensions.prefix(2))
        return Alignment(
            weights: try joinedSteps(weights, leading, size: memory.keyCount),
            context: try joinedSteps(contexts, leading, size: memory.valueShape[3]))
    }
}

/// Steps [B, H, 1, size] as one tensor [B, H, Q, size], even if there are none.
func joinedSteps(_ steps: [Tensor], _ leading: [Int], size: Int) throws(ShapeError) -> Tensor {
    steps.isEmpty ? .zeros(Shape(leading + [0, size])) : try concatenated(steps, axis: 2)
}

extension Memory {
    /// [B, H, 1, K], the shape of one step's weights.
    var stepShape: Shape { [keyShape[0], keyShape[1], 1, keyCount] }

    /// [B, H, 1, K]: all on the first key, where alignments that move from left to right begin.
    func weightsOnFirstKey() -> Tensor {
        let count = keyCount
        return Tensor(shape: stepShape) { out in
            for index in 0..<stepShape.elementCount { out[index] = index % count == 0 ? 1 : 0 }
        }
    }

    /// - Throws: `ShapeError` in the name of `operation` unless the query is [B, H, 1, D] for these keys.
    func checkStep(_ query: Tensor, _ operation: String) throws(ShapeError) {
        try require(
            query.shape.rank == 4 && query.shape.dimensions.prefix(3) == stepShape.dimensions.prefix(3), operation,
            expected: "a query [\(keyShape[0]), \(keyShape[1]), 1, D]", found: "\(query.shape)")
    }

    /// What is read with these weights [B, H, Q, K].
    /// - Throws: `ShapeError` if they do not fit the values.
    public func read(_ weights: Tensor) throws(ShapeError) -> Alignment {
        Alignment(weights: weights, context: try matmul(weights, values))
    }
}
