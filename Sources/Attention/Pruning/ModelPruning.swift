import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionTraining

/// Makes a model smaller by taking heads and hidden units out of it for good: those that matter least for the examples that it is shown.
///
/// ```swift
/// let pruning = ModelPruning(path: "my-translator", headShare: 0.3)
/// let report = try pruning.write(to: "my-smaller-translator", file: "dev.tsv")
/// print(report.parameters.after, report.losses?.after ?? 0)
/// ```
///
/// Translators trained here are shown sentence pairs. Of text encoders, the examples are those of the task that the folder's head is for, as `attend train`
/// reads them; of those without a head, texts that belong together. What is written is read like any other folder, and can be trained further.
///
/// *Source:* Michel, Levy & Neubig 2019, *Are Sixteen Heads Really Better than One?*
public struct ModelPruning: Sendable {
    /// The model's folder.
    public var path: String
    /// Which share of all heads goes.
    public var headShare: Double
    /// Which share of the hidden units of every feed-forward layer goes.
    public var unitShare: Double

    /// A pruning of the model in a folder.
    public init(path: String, headShare: Double, unitShare: Double = 0) {
        (self.path, self.headShare, self.unitShare) = (path, headShare, unitShare)
    }

    /// Prunes, and writes the model that is left.
    ///
    /// - Parameters:
    ///   - file: the examples; without them parts are judged by the size of their weights.
    ///   - shares: those of heads whose losses are measured, too, with as large a share of hidden units as is asked for beside `headShare`.
    /// - Throws: `PruningError` if a share is none or the model's parts cannot go; `TrainingFolderError.hasModel` if a model is in the folder
    ///   already; what is wrong with the folder, the examples or the disk.
    public func write(to directory: String, file: String? = nil, measuring shares: [Double] = []) throws
        -> PruningReport
    {
        for (name, share) in [("heads", headShare), ("hidden units", unitShare)] where !(0..<1 ~= share) {
            throw PruningError.share(of: name, share)
        }
        try ModelDestination.check(directory)
        guard try PretrainedFolder.isOne(at: path) else {
            let folder = try ModelFolder(path: path)
            let pairs = try file.map { try ParallelCorpus(reading: [$0]).pairs } ?? []
            return try run(subject: folder.pruningSubject(pairs), directory, shares)
        }
        let settings = FineTuningSettings()
        let examples = try Self.examples(path, file.map { [$0] } ?? [])
        return try run(encoder: try examples.task(of: path, settings, key: .blank), directory, shares)
    }

    /// The examples of a file as the folder's own task reads them.
    private static func examples(_ path: String, _ files: [String]) throws -> FineTuningData {
        let name = try PretrainedFolder(path: path).architecture
        if name.hasSuffix(EncoderTask.sequences.rawValue) {
            let texts = try ClassifiedText.read(files)
            return .classes(train: texts, valid: texts)
        } else if name.hasSuffix(EncoderTask.tokens.rawValue) {
            let texts = try TaggedWords.read(files)
            return .tags(train: texts, valid: texts)
        } else if name.hasSuffix(EncoderTask.spans.rawValue) {
            let questions = try AskedQuestion.read(files)
            return .answers(train: questions, valid: questions)
        }
        let texts = try AlikeTexts.read(files)
        return .pairs(train: texts, valid: texts)
    }

    private func run<Task: TunedTask>(
        encoder task: Task, _ directory: String, _ shares: [Double]
    ) throws -> PruningReport {
        try run(subject: try PrunedEncoder(task), directory, shares)
    }

    private func run<Subject: PruningSubject>(
        subject: Subject, _ directory: String, _ shares: [Double]
    ) throws -> PruningReport {
        let (model, parts) = (subject.model, subject.model.prunableParts)
        func plan(_ headShare: Double, _ unitShare: Double, _ scores: [String: [Float]]) -> PruningPlan {
            PruningPlan(
                of: parts, scores: scores, headShare: headShare, unitShare: unitShare, protecting: subject.protected)
        }
        try subject.check(plan(headShare, unitShare, try model.partSizes()))
        let scores = try subject.importance()
        let chosen = plan(headShare, unitShare, scores)
        let pruned = try chosen.applied(to: model)
        let before = try subject.timed(model)
        let after = try subject.timed(pruned)
        let unitsPerHead = headShare > 0 ? unitShare / headShare : 0
        let curve = try shares.compactMap { share -> PruningReport.Point? in
            let less = try plan(share, min(0.95, share * unitsPerHead), scores).applied(to: model)
            guard let (loss, seconds) = try subject.timed(less) else { return nil }
            return PruningReport.Point(
                headShare: share, parameterCount: less.parameterCount, loss: loss, seconds: seconds)
        }
        try subject.write(pruned, chosen, to: directory)
        return PruningReport(
            headCount: parts.filter { $0.part == .heads }.reduce(0) { $0 + $1.count }, plan: chosen, scores: scores,
            parameters: .init(before: model.parameterCount, after: pruned.parameterCount),
            losses: before.flatMap { before in after.map { .init(before: before.loss, after: $0.loss) } },
            seconds: before.flatMap { before in after.map { .init(before: before.seconds, after: $0.seconds) } },
            curve: curve)
    }
}
