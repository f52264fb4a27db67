/// How the ranks of an exchange divide the batches of an update among themselves. However they do, the update is that of a process alone but for the
/// rounding of sums and, where examples are dealt out, the draws of dropout.
public enum BatchDivision: Sendable, Hashable {
    /// Each rank computes whole batches, every `rankCount`-th of the update: their number must be a multiple of that of ranks.
    case batches
    /// Each rank computes its share of the examples of every batch, for losses that are sums over examples. The source deals them out
    /// (`BatchSource.dealt`).
    case examples

    /// Whole batches where all ranks have as many in an update, and otherwise examples.
    public init(for exchange: any GradientExchange, accumulating count: Int) {
        self = count % exchange.rankCount == 0 ? .batches : .examples
    }
}

/// The batches of a source, of each of which one rank has every `rankCount`-th example. A rank has none of a batch with fewer examples than that.
public struct DealtBatches<Source: BatchSource, Example: Sendable>: BatchSource where Source.Batch == [Example] {
    private let source: Source
    private let rank: Int
    private let rankCount: Int

    fileprivate init(_ source: Source, rank: Int, rankCount: Int) {
        (self.source, self.rank, self.rankCount) = (source, rank, rankCount)
    }

    /// This rank's share of the batches of the source's epoch.
    public func epoch(_ number: Int) throws -> Epoch<[Example]> {
        let (epoch, rank, rankCount) = (try source.epoch(number), rank, rankCount)
        return Epoch(count: epoch.count) { index in
            let batch = try epoch.batch(index)
            return stride(from: rank, to: batch.count, by: rankCount).map { batch[$0] }
        }
    }
}

extension BatchSource {
    /// What a rank computes of every batch: its share of the examples, or all of them where whole batches are divided.
    public func dealt<Example: Sendable>(
        to exchange: any GradientExchange, _ division: BatchDivision
    ) -> DealtBatches<Self, Example> where Batch == [Example] {
        switch division {
        case .batches: DealtBatches(self, rank: 0, rankCount: 1)
        case .examples: DealtBatches(self, rank: exchange.rank, rankCount: exchange.rankCount)
        }
    }
}
