/// Something a model learns from that has a length: what batches of similar examples are made by.
public protocol TrainingExample: Sendable {
    /// How long it is.
    var length: ExampleLength { get }
}

/// How long an example is: on one side, or on two, of which batches put examples together by the first before the second.
public struct ExampleLength: Sendable, Hashable, Comparable {
    /// What examples are sorted by.
    public var first: Int
    /// What examples of the same first length are sorted by.
    public var second: Int

    /// A length of two sides, or of one.
    public init(_ first: Int, _ second: Int = 0) {
        self.first = first
        self.second = second
    }

    /// The longer side: what a batch is padded to.
    public var longest: Int { max(first, second) }

    /// By the first side, then by the second.
    public static func < (left: ExampleLength, right: ExampleLength) -> Bool {
        (left.first, left.second) < (right.first, right.second)
    }
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

    /// The numbers of ids, the target's first.
    public var length: ExampleLength { ExampleLength(target.count, source.count) }

    /// The pair with the first `length` ids of each side.
    public func truncated(to length: Int) -> SequencePair {
        SequencePair(source: Array(source.prefix(length)), target: Array(target.prefix(length)))
    }
}
