import AttentionFiles
public import AttentionReinforcement
import AttentionTensors
public import AttentionTraining

/// Trains a policy in an environment, and leaves a folder that `attend play` reads.
///
/// ```swift
/// let training = PolicyTraining(directory: "balance", settings: PolicyTrainingSettings(.cartPole))
/// try training.run { report in print(report.meanReturn) }
/// let folder = try PolicyFolder(path: "balance")
/// ```
///
/// The folder also holds what it was made with: `settings.json`, `log.jsonl` with a `PolicyReport` a line, `learning-curve.svg`, and `training/` with its
/// checkpoint.
public struct PolicyTraining: Sendable {
    /// Where everything goes.
    public var directory: String
    /// How the policy is made and trained.
    public var settings: PolicyTrainingSettings
    /// What all randomness follows from.
    public var seed: UInt64

    /// A training that leaves its policy in this folder.
    public init(directory: String, settings: PolicyTrainingSettings, seed: UInt64 = 1) {
        (self.directory, self.settings, self.seed) = (directory, settings, seed)
    }

    private var checkpoint: String { directory + "/training/checkpoint.safetensors" }
    private var log: String { directory + "/log.jsonl" }

    /// Trains until its end or a signal; then writes the policy as it is.
    ///
    /// - Parameter isResumed: continue from the folder's checkpoint.
    /// - Returns: why it ended; `.interrupted` leaves a checkpoint to be resumed.
    /// - Throws: whatever is wrong with the settings or the disk.
    @discardableResult public func run(
        isResumed: Bool = false, observer: (PolicyReport) throws -> Void = { _ in }
    ) throws -> StopReason {
        let environment = try settings.environment.environment()
        let policy = try settings.policy.policy(for: environment, key: RandomKey(seed: seed)[0])
        try settings.course.validate()
        let folder = TrainingFolder(path: directory, modelFiles: ["model.safetensors", "config.json"])
        return try folder.hold(isResumed: isResumed) {
            try run(policy, environment, isResumed: isResumed, observer)
        }
    }

    private func run<Learner: Policy>(
        _ policy: Learner, _ environment: any Environment, isResumed: Bool, _ observer: (PolicyReport) throws -> Void
    ) throws -> StopReason {
        var trainer = PolicyTrainer(policy, environment, course: settings.course, seed: seed)
        let identity = identity()
        let kept = isResumed ? try trainer.resume(from: checkpoint, identity: identity) : 0
        try AtomicFile.write(Array(try settings.json().utf8), to: directory + "/settings.json")
        let file = try AppendingFile(path: log, keeping: kept)
        func save() throws {
            try file.synchronize()
            try trainer.save(to: checkpoint, identity: identity, logLength: file.length)
        }
        var reason = reasonToStop(trainer, nil)
        while reason == nil {
            let report = try trainer.iterate()
            try file.append(Array((try JSONEncoding.text(of: report, numbers: .named) + "\n").utf8))
            try observer(report)
            reason = reasonToStop(trainer, report)
            if reason == nil, trainer.iteration % settings.course.checkpointInterval == 0 { try save() }
        }
        try save()
        if reason != .interrupted {
            let configuration = PolicyFolder.Configuration(
                environment: settings.environment, policy: settings.policy)
            try PolicyFolder.write(trainer.policy, configuration, to: directory)
        }
        try PolicyCurve(log: log, goal: settings.course.goal).write(to: directory + "/learning-curve.svg")
        return reason ?? .maximumUpdates
    }

    private func reasonToStop(_ trainer: PolicyTrainer<some Policy>, _ report: PolicyReport?) -> StopReason? {
        if let report, report.episodeCount > 0, report.meanReturn >= settings.course.goal { return .goalReached }
        if trainer.iteration >= settings.course.iterationCount { return .maximumUpdates }
        return StopSignal.isReceived ? .interrupted : nil
    }

    /// Settings that decide the course of a training, by name. How often it is saved is no part of it, nor where it ends early.
    private func identity() -> [String: String] {
        let free: Set = ["course.checkpointInterval", "course.goal"]
        return SettingValue.all(of: settings).filter { !free.contains($0.key) }.mapValues(\.plain)
    }
}
