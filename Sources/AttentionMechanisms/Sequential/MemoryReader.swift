public import AttentionTensors

/// A mechanism on its way through a sequence: reads a memory query by query and remembers, inside, what its steps have to know of each
/// other. A value: a copy goes its own way.
public protocol MemoryReader: Sendable {
    /// What the next query [B, H, 1, Dq] reads, and where it looked.
    /// - Parameter moving: the items that take a step; the others stay where they were. Nil: all.
    /// - Throws: `ShapeError` if the shapes do not fit.
    mutating func read(_ query: Tensor, moving: [Bool]?, training key: RandomKey?) throws(ShapeError) -> Alignment

    /// Readers of these items of the batch, in this order: for reordering beams.
    /// - Throws: `ShapeError` if there is no such item.
    func selecting(_ rows: [Int]) throws(ShapeError) -> Self
}

extension SequentialMechanism {
    /// A reader at the beginning of its way through this memory.
    /// - Throws: `ShapeError` if the memory is none of this mechanism's.
    public func reader(of memory: Memory) throws(ShapeError) -> any MemoryReader {
        MechanismReader(mechanism: self, memory: memory, state: try start(memory))
    }

    /// A reader of annotations [B, H, K, D], which are keys and values both.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func reader(of annotations: Tensor, lengths: [Int]?) throws(ShapeError) -> any MemoryReader {
        try reader(of: try remember(keys: annotations, values: annotations, lengths: lengths))
    }
}

private struct MechanismReader<Mechanism: SequentialMechanism>: MemoryReader {
    let mechanism: Mechanism
    var memory: Memory
    var state: Mechanism.State

    mutating func read(_ query: Tensor, moving: [Bool]?, training key: RandomKey?) throws(ShapeError) -> Alignment {
        let earlier = state
        let alignment = try mechanism.step(query, memory, &state, training: key)
        if let moving { state = try state.moving(moving, from: earlier) }
        return alignment
    }

    func selecting(_ rows: [Int]) throws(ShapeError) -> MechanismReader {
        MechanismReader(
            mechanism: mechanism, memory: try memory.selecting(rows), state: try state.selecting(rows))
    }
}
