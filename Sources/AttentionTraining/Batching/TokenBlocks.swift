internal import AttentionTensors

/// A long row of tokens in blocks of one length, for models that learn what comes next.
///
/// Each epoch begins at another place, cuts what follows into blocks that join without a gap, and shuffles them. A block has one token more
/// than the model reads: what follows the last one it reads. What is over at either end is left out this time.
public struct TokenBlocks: BatchSource {
    /// The tokens.
    public let tokens: [Int32]
    /// How many tokens a model reads at once.
    public let length: Int
    /// The blocks of a batch; the last of an epoch may have fewer.
    public let batchSize: Int
    private let key: RandomKey

    /// Blocks of a row of tokens.
    /// - Parameter seed: what the cuts and the order of every epoch follow from.
    /// - Throws: `TrainingError.setting` if the length or the size is below 1, or there are not enough tokens for one block.
    public init(_ tokens: [Int32], length: Int, batchSize: Int, seed: UInt64) throws(TrainingError) {
        for (name, value) in [("blockLength", length), ("batchSize", batchSize)] where value < 1 {
            throw .setting(name, expected: "of at least 1", found: "\(value)")
        }
        guard tokens.count > length else {
            throw .setting("blockLength", expected: "below the \(tokens.count) tokens there are", found: "\(length)")
        }
        (self.tokens, self.length, self.batchSize) = (tokens, length, batchSize)
        key = RandomKey(seed: seed)
    }

    /// How many batches an epoch has, or one more.
    public var batchCount: Int { ((tokens.count - 1) / length + batchSize - 1) / batchSize }

    /// The batches of an epoch, each some blocks of one token more than `length`.
    public func epoch(_ number: Int) -> Epoch<[ArraySlice<Int32>]> {
        var generator = key[number].generator()
        let first = Int.random(in: 0...min(length - 1, tokens.count - 1 - length), using: &generator)
        let count = (tokens.count - 1 - first) / length
        let starts = (0..<count).map { first + $0 * length }.shuffled(using: &generator)
        return Epoch(count: (count + batchSize - 1) / batchSize) { [tokens, length, batchSize] index in
            starts[index * batchSize..<min(count, (index + 1) * batchSize)].map { tokens[$0...$0 + length] }
        }
    }
}
