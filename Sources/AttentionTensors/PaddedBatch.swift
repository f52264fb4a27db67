/// Sequences of different lengths side by side: padding is data, not a mask.
public struct PaddedBatch: Sendable, Hashable {
    /// [B, L] row-major: each sequence followed by padding.
    public let ids: [Int]
    /// The true length of each sequence.
    public let lengths: [Int]
    /// L, the length of the longest one.
    public let length: Int
    /// The id behind the end of short sequences.
    public let padding: Int

    /// Sequences filled up with `padding` to the length of the longest.
    public init(_ sequences: [[Int]], padding: Int) {
        let longest = sequences.map(\.count).max() ?? 0
        length = longest
        self.padding = padding
        lengths = sequences.map(\.count)
        ids = sequences.flatMap { $0 + [Int](repeating: padding, count: longest - $0.count) }
    }

    /// B, the number of sequences.
    public var rowCount: Int { lengths.count }

    /// [B, L].
    public var shape: Shape { [rowCount, length] }

    /// The sequences, without what fills them up.
    package var sequences: [[Int]] {
        (0..<rowCount).map { row in Array(ids[row * length..<row * length + lengths[row]]) }
    }

    /// The number of ids that are not padding.
    public var tokenCount: Int { lengths.reduce(0, +) }
}
