internal import AttentionTensors

/// Examples in batches of similar length, each of at most a number of tokens, so that little is wasted on padding.
///
/// Each epoch shuffles the examples, sorts them by length (which keeps the order of equals random), cuts the line into batches
/// and shuffles the batches. Every example of an epoch is in exactly one batch, but for those that are too long, which are left out. The
/// size of a batch counts padding: its number of examples times the longest side of any of them. What a token is, examples say by their
/// length: an id, a frame, a pixel.
public struct TokenBucketing<Source: ExampleSource>: BatchSource where Source.Example: TrainingExample {
    /// Where the examples come from.
    public let source: Source
    /// The most tokens of a batch, padding included.
    public let tokenLimit: Int
    /// The longest side an example may have: what was asked for, or the token limit if that is less.
    public let lengthLimit: Int
    private let key: RandomKey

    /// Batches of at most `tokenLimit` tokens.
    ///
    /// - Parameters:
    ///   - lengthLimit: the longest side an example may have; nil admits all that fit a batch.
    ///   - seed: what the order of every epoch follows from.
    /// - Precondition: the limits are positive.
    public init(_ source: Source, tokenLimit: Int, lengthLimit: Int? = nil, seed: UInt64) {
        let limit = min(lengthLimit ?? tokenLimit, tokenLimit)
        precondition(limit > 0, "TokenBucketing: expected limits above 0, found \(limit)")
        self.source = source
        self.tokenLimit = tokenLimit
        self.lengthLimit = limit
        key = RandomKey(seed: seed)
    }

    /// Batches of the same examples in every epoch.
    public init<Example: TrainingExample>(
        _ examples: [Example], tokenLimit: Int, lengthLimit: Int? = nil, seed: UInt64
    ) where Source == FixedExamples<Example> {
        self.init(FixedExamples(examples), tokenLimit: tokenLimit, lengthLimit: lengthLimit, seed: seed)
    }

    /// How many examples of an epoch take part, and how many are left out because they are too long.
    /// - Throws: whatever is wrong with the data.
    public func counts(ofEpoch number: Int) throws -> (fitting: Int, tooLong: Int) {
        let examples = try source.examples(ofEpoch: number)
        let fitting = examples.count { $0.length.longest <= lengthLimit }
        return (fitting, examples.count - fitting)
    }

    /// The batches of an epoch.
    /// - Complexity: O(n log n) for n examples; each batch is then made when it is asked for.
    public func epoch(_ number: Int) throws -> Epoch<[Source.Example]> {
        var generator = key[number].generator()
        let examples = try fittingExamples(ofEpoch: number)
        let lengths = examples.map(\.length)
        let shuffled = examples.indices.shuffled(using: &generator)
        // Positions break ties, so that examples of equal lengths stay shuffled whatever sorting does with equals.
        let line = shuffled.enumerated().sorted { left, right in
            (lengths[left.element], left.offset) < (lengths[right.element], right.offset)
        }
        var buckets = cut(line.map(\.element), lengths)
        buckets.shuffle(using: &generator)
        let shuffledBuckets = buckets
        return Epoch(count: buckets.count) { index in shuffledBuckets[index].map { examples[$0] } }
    }

    private func fittingExamples(ofEpoch number: Int) throws -> [Source.Example] {
        let all = try source.examples(ofEpoch: number)
        // Usually all fit, and need not be copied.
        return all.contains { $0.length.longest > lengthLimit } ? all.filter { $0.length.longest <= lengthLimit } : all
    }

    /// Consecutive examples, as many in each batch as fit.
    private func cut(_ line: [Int], _ lengths: [ExampleLength]) -> [[Int]] {
        var buckets: [[Int]] = []
        var bucket: [Int] = []
        var longest = 1
        for index in line {
            let grown = max(longest, lengths[index].longest)
            if (bucket.count + 1) * grown <= tokenLimit {
                longest = grown
            } else {
                buckets.append(bucket)
                bucket = []
                longest = max(1, lengths[index].longest)
            }
            bucket.append(index)
        }
        return bucket.isEmpty ? buckets : buckets + [bucket]
    }
}
