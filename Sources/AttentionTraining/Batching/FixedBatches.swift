internal import AttentionTensors

/// Batches of a fixed number of examples that need not be sorted by anything, each epoch in another order; the last batch may be smaller.
public struct FixedBatches<Source: ExampleSource>: BatchSource {
    /// Where the examples come from.
    public let source: Source
    /// The number of examples of a batch.
    public let size: Int
    private let key: RandomKey

    /// Batches of `size` examples.
    /// - Parameter seed: what the order of every epoch follows from.
    /// - Precondition: the size is positive.
    public init(_ source: Source, size: Int, seed: UInt64) {
        precondition(size > 0, "FixedBatches: expected a size above 0, found \(size)")
        self.source = source
        self.size = size
        key = RandomKey(seed: seed)
    }

    /// The batches of an epoch.
    public func epoch(_ number: Int) throws -> Epoch<[Source.Example]> {
        var generator = key[number].generator()
        let examples = try source.examples(ofEpoch: number)
        let order = examples.indices.shuffled(using: &generator)
        return Epoch(count: (order.count + size - 1) / size) { [size] index in
            order[index * size..<min(order.count, (index + 1) * size)].map { examples[$0] }
        }
    }
}
