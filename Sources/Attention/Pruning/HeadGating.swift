import AttentionFiles
import AttentionModels
import AttentionTensors
public import AttentionTraining

/// Makes a translator smaller by gates that its heads learn to close, at a price for each that stays open: those that are closed in the end are taken out for good.
///
/// ```swift
/// let gating = HeadGating(path: "my-translator", penalty: 0.05)
/// let report = try gating.write(to: "my-smaller-translator", file: "train.tsv")
/// print(report.plan.removedHeadCount, "of", report.headCount)
/// ```
///
/// The model learns with its gates, so that what closed heads did is taken over by others. Gates that are neither open nor closed in the end become part of the
/// weights, so that what is written computes what the gated model did. Every attention keeps one head at least, and the one that is shown as the alignment stays.
///
/// *Source:* Voita et al. 2019, sec. 5; see `GatedHeads`.
public struct HeadGating: Sendable {
    /// The model's folder.
    public var path: String
    /// λ: what an open gate costs, beside the loss of a word.
    public var penalty: Float
    /// How gates are learnt.
    public var settings: GateSettings
    /// What all randomness follows from.
    public var seed: UInt64

    /// Gates for the heads of the model in a folder.
    public init(path: String, penalty: Float, settings: GateSettings = GateSettings(), seed: UInt64 = 1) {
        (self.path, self.penalty, self.settings, self.seed) = (path, penalty, settings, seed)
    }

    /// Learns the gates, and writes the model that is left.
    ///
    /// - Parameters:
    ///   - file: sentence pairs, which the gates are learnt on and the losses are measured on.
    ///   - observer: told how it goes.
    /// - Returns: what has gone; the scores are the gates as they have settled.
    /// - Throws: `PruningError` if a setting is none or the model is of another kind; `TrainingFolderError.hasModel` if a model is in the folder already; what is wrong
    ///   with the folder, the pairs or the disk.
    public func write(
        to directory: String, file: String, observer: (TrainingEvent) throws -> Void = { _ in }
    ) throws -> PruningReport {
        try settings.check()
        guard penalty >= 0, penalty.isFinite else {
            throw PruningError.setting("gates", expected: "at least 0", found: "\(penalty)")
        }
        try ModelDestination.check(directory)
        guard try !PretrainedFolder.isOne(at: path) else { throw PruningError.foreignGates(path) }
        let folder = try ModelFolder(path: path)
        let pairs = try ParallelCorpus(reading: [file]).pairs
        return try folder.model.pruned(by: self, of: folder, pairs, to: directory, observer)
    }

    fileprivate func run<Model: SequenceToSequence>(
        _ model: Model, _ folder: ModelFolder, _ pairs: [SentencePair], _ directory: String,
        _ observer: (TrainingEvent) throws -> Void
    ) throws -> PruningReport {
        let subject = PrunedTranslator(folder, model, pairs)
        let parts = model.prunableParts
        try subject.check(PruningPlan(of: parts, removing: [:]))
        guard let before = try subject.timed(model) else { throw PruningError.noPairs(found: pairs.count) }
        let gated = try learnt(GatedHeads(model, start: settings.start), subject, observer)
        let plan = PruningPlan(of: parts, removing: gated.closedHeads(protecting: subject.protected))
        let pruned = try plan.applied(to: try gated.settled())
        let after = try subject.timed(pruned)
        try subject.write(pruned, plan, to: directory)
        return PruningReport(
            headCount: parts.filter { $0.part == .heads }.reduce(0) { $0 + $1.count }, plan: plan,
            scores: gated.settledGates,
            parameters: .init(before: model.parameterCount, after: pruned.parameterCount),
            losses: after.map { .init(before: before.loss, after: $0.loss) },
            seconds: after.map { .init(before: before.seconds, after: $0.seconds) }, curve: [])
    }

    /// The model and its gates after learning.
    private func learnt<Model: SequenceToSequence>(
        _ gated: GatedHeads<Model>, _ subject: PrunedTranslator<Model>, _ observer: (TrainingEvent) throws -> Void
    ) throws -> GatedHeads<Model> {
        var configuration = TrainingConfiguration()
        configuration.maximumUpdates = settings.maximumUpdates
        configuration.clippingNorm = settings.clippingNorm
        configuration.progressInterval = 20
        configuration.seed = seed
        configuration.groups = [ParameterGroup("model.*", rateFactor: settings.modelRate / settings.gateRate)]
        let longest = subject.pairs.map(\.length.longest).max() ?? 1
        let (penalty, smoothing) = (penalty, settings.smoothing)
        var trainer = try Trainer(
            model: gated, schedule: ConstantSchedule(rate: settings.gateRate),
            batches: TokenBucketing(subject.pairs, tokenLimit: max(longest, settings.batchTokens), seed: seed),
            configuration: configuration,
            loss: { gated, pairs, step in
                let batch = subject.batch(pairs)
                let (weight, open) = (Double(batch.targetTokenCount), gated.openCount())
                let loss = try gated.drawn(by: step.key[0]).loss(batch, smoothing: smoothing, training: step.key[1])
                return LossValue(
                    total: loss + open * (penalty * Float(weight)), weight: weight,
                    parts: ["openHeads": open.scalar * Float(weight)])
            })
        guard try trainer.run(observer: observer) != .interrupted else { throw CancellationError() }
        return trainer.model
    }
}

extension SequenceToSequence {
    /// This model of a folder, pruned by gates that are learnt on these pairs.
    fileprivate func pruned(
        by gating: HeadGating, of folder: ModelFolder, _ pairs: [SentencePair], to directory: String,
        _ observer: (TrainingEvent) throws -> Void
    ) throws -> PruningReport {
        try gating.run(self, folder, pairs, directory, observer)
    }
}
