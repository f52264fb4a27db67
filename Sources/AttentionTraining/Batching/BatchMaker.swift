/// Where a batch stands: its epoch, and its index in it.
struct BatchPosition: Sendable, Hashable {
    var epoch: Int
    var batch: Int

    /// The position after the batches of `rankCount` ranks have been taken from an epoch of `count`.
    func next(rankCount: Int, of count: Int) -> BatchPosition {
        let following = batch + rankCount
        return following < count
            ? BatchPosition(epoch: epoch, batch: following) : BatchPosition(epoch: epoch + 1, batch: 0)
    }
}

/// What one rank gets when every rank takes a batch, in their order.
struct BatchRound<Batch: Sendable>: Sendable {
    /// The batch; nil for the ranks that an epoch's last round has none left for.
    let batch: Batch?
    /// How many batches the epoch has.
    let batchCount: Int
    /// Where the next round begins.
    let next: BatchPosition
}

/// Makes the batches of one rank, and keeps the epoch it is at, because that takes time to make.
struct BatchMaker<Source: BatchSource>: Sendable {
    let source: Source
    let rank: Int
    let rankCount: Int
    private var epochs: [Int: Result<Epoch<Source.Batch>, any Error>] = [:]

    init(_ source: Source, rank: Int, rankCount: Int) {
        self.source = source
        self.rank = rank
        self.rankCount = rankCount
    }

    /// The batches of an epoch.
    /// - Throws: `TrainingError.noBatches` if it has none, and whatever is wrong with the data.
    mutating func epoch(_ number: Int) throws -> Epoch<Source.Batch> {
        epochs = epochs.filter { number...number + 1 ~= $0.key }
        prepare(number)
        guard let epoch = try epochs[number]?.get(), epoch.count > 0 else {
            throw TrainingError.noBatches(epoch: number)
        }
        return epoch
    }

    /// The batch of the round that begins at `position`.
    mutating func round(at position: BatchPosition) throws -> BatchRound<Source.Batch> {
        let epoch = try epoch(position.epoch)
        let index = position.batch + rank
        return BatchRound(
            batch: index < epoch.count ? try epoch.batch(index) : nil, batchCount: epoch.count,
            next: position.next(rankCount: rankCount, of: epoch.count))
    }

    /// Makes the epoch after that of `position`, unless there is a good deal of this one left to read.
    mutating func prepareNextEpoch(at position: BatchPosition) {
        guard case .success(let epoch) = epochs[position.epoch], 2 * position.batch >= epoch.count else { return }
        prepare(position.epoch + 1)
    }

    private mutating func prepare(_ number: Int) {
        guard epochs[number] == nil else { return }
        epochs[number] = Result { try source.epoch(number) }
    }
}
