internal import AttentionTensors

/// Examples in batches of similar length, each of at most a number of tokens, so that little is wasted on padding.
///
/// Each epoch shuffles the examples, sorts them by length (which keeps the order of equals random), cuts the line into batches
/// and shuffles the batches. Every example is in exactly one batch of every epoch. The size of a batch counts padding: its number
/// of examples times the longest side of any of them.
public struct TokenBucketing<Example: TrainingExample>: BatchSource, Sendable {
    /// What happens to an example that is longer than the limit.
    public enum LongExamples: String, Sendable, Codable {
        /// It takes no part.
        case dropped
        /// Both sides are cut to the limit.
        case truncated
    }

    /// The examples that take part.
    public let examples: [Example]
    /// The most tokens of a batch, padding included.
    public let tokenLimit: Int
    /// The longest side an example may have: what was asked for, or the token limit if that is less.
    public let lengthLimit: Int
    /// How many examples were left out because they are too long.
    public let droppedCount: Int
    /// How many examples were cut because they are too long.
    public let truncatedCount: Int
    private let key: RandomKey

    /// Batches of at most `tokenLimit` tokens.
    ///
    /// - Parameters:
    ///   - lengthLimit: the longest side an example may have; nil admits all that fit a batch.
    ///   - seed: what the order of every epoch follows from.
    /// - Precondition: the limits are positive.
    public init(
        _ examples: [Example], tokenLimit: Int, lengthLimit: Int? = nil, longExamples: LongExamples = .dropped,
        seed: UInt64
    ) {
        let limit = min(lengthLimit ?? tokenLimit, tokenLimit)
        precondition(limit > 0, "TokenBucketing: expected limits above 0, found \(limit)")
        let longCount = examples.count { $0.length > limit }
        switch longExamples {
        case .dropped: self.examples = examples.filter { $0.length <= limit }
        case .truncated: self.examples = examples.map { $0.length > limit ? $0.truncated(to: limit) : $0 }
        }
        droppedCount = longExamples == .dropped ? longCount : 0
        truncatedCount = longExamples == .truncated ? longCount : 0
        self.tokenLimit = tokenLimit
        self.lengthLimit = limit
        key = RandomKey(seed: seed)
    }

    /// The batches of an epoch.
    /// - Complexity: O(n log n) for n examples; each batch is then made when it is asked for.
    public func epoch(_ number: Int) -> TokenBuckets<Example> {
        var generator = key[number].generator()
        let shuffled = examples.indices.shuffled(using: &generator)
        // Positions break ties, so that examples of equal lengths stay shuffled whatever sorting does with equals.
        let line = shuffled.enumerated().sorted { left, right in
            let (first, second) = (examples[left.element], examples[right.element])
            return (first.targetLength, first.sourceLength, left.offset)
                < (second.targetLength, second.sourceLength, right.offset)
        }
        var buckets = cut(line.map(\.element))
        buckets.shuffle(using: &generator)
        return TokenBuckets(examples: examples, buckets: buckets)
    }

    /// Consecutive examples, as many in each batch as fit.
    private func cut(_ line: [Int]) -> [[Int]] {
        var buckets: [[Int]] = []
        var bucket: [Int] = []
        var longest = 1
        for index in line {
            let grown = max(longest, examples[index].length)
            if (bucket.count + 1) * grown <= tokenLimit {
                longest = grown
            } else {
                buckets.append(bucket)
                bucket = []
                longest = max(1, examples[index].length)
            }
            bucket.append(index)
        }
        return bucket.isEmpty ? buckets : buckets + [bucket]
    }
}

/// The batches of one epoch, each made when it is asked for.
public struct TokenBuckets<Example: TrainingExample>: RandomAccessCollection, Sendable {
    let examples: [Example]
    let buckets: [[Int]]

    /// 0.
    public var startIndex: Int { 0 }
    /// The number of batches.
    public var endIndex: Int { buckets.count }
    /// The examples of a batch.
    public subscript(position: Int) -> [Example] { buckets[position].map { examples[$0] } }
}
