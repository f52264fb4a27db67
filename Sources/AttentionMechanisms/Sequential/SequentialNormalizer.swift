public import AttentionTensors

/// How one row of scores after the other becomes shares of attention, each knowing what became of the one before.
public protocol SequentialNormalizer: Module {
    /// The state [B, H, 1, n] before the first row, for this memory.
    func start(_ memory: Memory) -> Tensor
    /// Scores [B, H, 1, K] of the next step → weights [B, H, 1, K], 0 behind the memory's lengths.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func normalize(_ scores: Tensor, _ memory: Memory, _ state: inout Tensor) throws(ShapeError) -> Tensor
}

extension SequentialNormalizer {
    /// No parameters unless stated.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}

    /// What is read with scores [B, H, Q, K], row by row.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func align(scores: Tensor, _ memory: Memory) throws(ShapeError) -> Alignment {
        let leading = Array(memory.stepShape.dimensions.prefix(2))
        try require(
            scores.shape.rank == 4 && Array(scores.shape.dimensions.prefix(2)) == leading
                && scores.shape[3] == memory.keyCount, "align",
            expected: "scores [\(leading[0]), \(leading[1]), Q, \(memory.keyCount)]", found: "\(scores.shape)")
        var (rows, state): ([Tensor], Tensor) = ([], start(memory))
        for index in 0..<scores.shape[2] {
            rows.append(try normalize(try scores.sliced(axis: 2, index..<index + 1), memory, &state))
        }
        return try memory.read(try joinedSteps(rows, leading, size: memory.keyCount))
    }
}
