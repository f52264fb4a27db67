import AttentionFiles
import AttentionTraining
import FoundationEssentials

/// An empty folder that disappears with this value, and what trainings leave in it.
struct TrainingFolder: ~Copyable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/attention-training-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var logPath: String { path + "/log.jsonl" }
    var checkpointPath: String { path + "/checkpoint.safetensors" }

    /// Short intervals that do not divide each other, so that states between them matter.
    func configuration(updates: Int) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.directory = path
        configuration.logPath = logPath
        configuration.maximumUpdates = updates
        configuration.validationInterval = 4
        configuration.checkpointInterval = 5
        configuration.progressInterval = 3
        configuration.snapshots = .best(2)
        configuration.clippingNorm = 1
        return configuration
    }

    /// The log without what a clock has measured.
    func events() throws -> [TrainingEvent] { try TrainingLog.events(in: logPath).map(\.withoutTimes) }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
}

extension TrainingEvent {
    var withoutTimes: TrainingEvent {
        guard case .progress(var report) = self else { return self }
        (report.seconds, report.weightPerSecond, report.secondsLeft) = (0, 0, nil)
        return .progress(report)
    }

    var stopReason: StopReason? {
        if case .stopped(let reason, _) = self { reason } else { nil }
    }
}
