/// Something a model learns from that has a source and a target side, measured in tokens.
public protocol TrainingExample: Sendable {
    /// The number of tokens on the source side.
    var sourceLength: Int { get }
    /// The number of tokens on the target side.
    var targetLength: Int { get }
    /// The example with neither side longer than `length`.
    func truncated(to length: Int) -> Self
}

extension TrainingExample {
    /// The length of the longer side: what a batch is padded to.
    var length: Int { max(sourceLength, targetLength) }
}

/// A source sequence of ids and the target sequence it is to be turned into.
public struct SequencePair: TrainingExample, Hashable {
    /// The ids that are read.
    public var source: [Int]
    /// The ids that are to be written.
    public var target: [Int]

    /// A pair of sequences.
    public init(source: [Int], target: [Int]) {
        self.source = source
        self.target = target
    }

    /// The number of source ids.
    public var sourceLength: Int { source.count }
    /// The number of target ids.
    public var targetLength: Int { target.count }

    /// The pair with the first `length` ids of each side.
    public func truncated(to length: Int) -> SequencePair {
        SequencePair(source: Array(source.prefix(length)), target: Array(target.prefix(length)))
    }
}
