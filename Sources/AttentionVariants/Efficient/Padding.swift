import AttentionMechanisms
internal import AttentionTensors

extension Mask {
    /// The first places of every item, as many as its length says, of `count`; under a shape of as many entries.
    static func first(_ lengths: [Int], of count: Int, shape: Shape) -> Mask {
        Mask(shape: shape, bytes: lengths.flatMap { length in (0..<count).map { $0 < length ? 1 : 0 } })
    }
}

/// - Throws: `ShapeError` in the name of `operation` unless every item has one length, of at most `count`.
func requireLengths(_ lengths: [Int]?, batch: Int, count: Int, _ operation: String) throws(ShapeError) {
    guard let lengths else { return }
    try require(
        lengths.count == batch && lengths.allSatisfy { (0...count).contains($0) }, operation,
        expected: "\(batch) lengths of at most \(count)", found: "\(lengths)")
}

extension Memory {
    /// - Throws: `ShapeError` in the name of `operation` if there is padding.
    func requireNoPadding(_ operation: String) throws(ShapeError) {
        guard let lengths else { return }
        try require(
            lengths.allSatisfy { $0 == keyCount }, operation, expected: "a memory without padding",
            found: "lengths \(lengths)")
    }

    /// The same memory with zeros for keys and values behind the lengths, whatever stood there.
    func blankingPadding() throws(ShapeError) -> Memory {
        try Memory(
            preparedKeys: try keys.keepingFirst(lengths), values: try values.keepingFirst(lengths), lengths: lengths)
    }
}

extension Tensor {
    /// [B, ..., L, D] with zeros behind the first rows of every item, as many as its length says; all stay if nil.
    func keepingFirst(_ lengths: [Int]?) throws(ShapeError) -> Tensor {
        guard let lengths else { return self }
        let between = [Int](repeating: 1, count: shape.rank - 3)
        return try keeping(.first(lengths, of: shape[-2], shape: Shape([shape[0]] + between + [shape[-2], 1])))
    }
}
