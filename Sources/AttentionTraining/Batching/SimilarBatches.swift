internal import AttentionTensors

/// Batches of a fixed number of examples of similar length, so that little is wasted on padding; the last of a pool may be smaller.
///
/// Each epoch shuffles the examples, takes them in pools of some batches, sorts each pool by length, cuts it, and shuffles all batches. What
/// stands in a batch together is thus another choice in every epoch. (`TokenBucketing` sorts a whole epoch, and bounds tokens instead of
/// examples.)
public struct SimilarBatches<Source: ExampleSource>: BatchSource where Source.Example: TrainingExample {
    /// Where the examples come from.
    public let source: Source
    /// The number of examples of a batch.
    public let size: Int
    /// The number of batches of a pool.
    public let poolSize: Int
    private let key: RandomKey

    /// Batches of `size` examples.
    /// - Parameter seed: what the order of every epoch follows from.
    /// - Precondition: the sizes are positive.
    public init(_ source: Source, size: Int, poolSize: Int = 50, seed: UInt64) {
        precondition(size > 0 && poolSize > 0, "SimilarBatches: expected sizes above 0, found \(size) and \(poolSize)")
        (self.source, self.size, self.poolSize) = (source, size, poolSize)
        key = RandomKey(seed: seed)
    }

    /// The batches of an epoch.
    /// - Complexity: O(n log n) for n examples; each batch is then made when it is asked for.
    public func epoch(_ number: Int) throws -> Epoch<[Source.Example]> {
        var generator = key[number].generator()
        let examples = try source.examples(ofEpoch: number)
        let order = examples.indices.shuffled(using: &generator)
        var batches: [[Int]] = []
        for first in stride(from: 0, to: order.count, by: size * poolSize) {
            // Places break ties, so that examples of equal lengths stay shuffled whatever sorting does with equals.
            let pool = order[first..<min(order.count, first + size * poolSize)].enumerated().sorted { left, right in
                (examples[left.element].length, left.offset) < (examples[right.element].length, right.offset)
            }.map(\.element)
            for start in stride(from: 0, to: pool.count, by: size) {
                batches.append(Array(pool[start..<min(pool.count, start + size)]))
            }
        }
        batches.shuffle(using: &generator)
        let shuffled = batches
        return Epoch(count: shuffled.count) { index in shuffled[index].map { examples[$0] } }
    }
}
