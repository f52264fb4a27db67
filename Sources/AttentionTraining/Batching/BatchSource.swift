public import AttentionTensors

/// The batches of a training, epoch by epoch.
///
/// The same epoch always has the same batches in the same order, whatever was asked for before: that is what lets a training
/// continue from an epoch and an index. A source is used from other threads too, which make batches before they are needed.
public protocol BatchSource: Sendable {
    /// What a loss is computed from: padded ids, images, problems.
    associatedtype Batch: Sendable
    /// The batches of an epoch, counted from 0.
    /// - Throws: whatever is wrong with the data.
    func epoch(_ number: Int) throws -> Epoch<Batch>
}

/// The batches of one epoch, each made when it is asked for.
public struct Epoch<Batch: Sendable>: Sendable {
    /// How many there are.
    public let count: Int
    private let make: @Sendable (Int) throws -> Batch

    /// So many batches, each of which `make` makes from its index, the same whenever it is asked.
    public init(count: Int, _ make: @escaping @Sendable (Int) throws -> Batch) {
        self.count = count
        self.make = make
    }

    /// The batch of this index, from 0.
    /// - Throws: whatever is wrong with the data.
    public func batch(_ index: Int) throws -> Batch { try make(index) }

    /// All of them, in order.
    /// - Throws: whatever is wrong with the data.
    public func batches() throws -> [Batch] { try (0..<count).map(make) }
}

/// The batches of a source, each turned into something else.
public struct MappedBatches<Source: BatchSource, Batch: Sendable>: BatchSource {
    private let source: Source
    private let key: RandomKey
    private let transform: @Sendable (Source.Batch, RandomKey) throws -> Batch

    fileprivate init(
        _ source: Source, key: RandomKey, _ transform: @escaping @Sendable (Source.Batch, RandomKey) throws -> Batch
    ) {
        self.source = source
        self.key = key
        self.transform = transform
    }

    /// The batches of the source's epoch, each turned when it is asked for.
    public func epoch(_ number: Int) throws -> Epoch<Batch> {
        let epoch = try source.epoch(number)
        let (key, transform) = (key[number], transform)
        return Epoch(count: epoch.count) { index in try transform(try epoch.batch(index), key[index]) }
    }
}

extension BatchSource {
    /// The same batches, each turned into something else by the thread that makes it: padded, cropped, noised.
    ///
    /// - Parameters:
    ///   - key: what the randomness of all transforms follows from; each has a key of its own, by epoch and index.
    ///   - transform: makes the same of the same batch and key, whenever it is asked.
    public func mapped<Batch>(
        key: RandomKey = RandomKey(seed: 0),
        _ transform: @escaping @Sendable (Self.Batch, RandomKey) throws -> Batch
    ) -> MappedBatches<Self, Batch> {
        MappedBatches(self, key: key, transform)
    }
}
