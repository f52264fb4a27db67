import AttentionTraining
import Glibc

/// Trains the toy in a process of its own, so that tests can kill it: `TrainingProbe DIRECTORY UPDATES SIZE [hang]`.
///
/// Resumes if the directory has a checkpoint, and prints a line per event. The exit code is 0 when training ended or was interrupted in
/// good order, 65 when it failed. With `hang`, validation never ends, whatever is asked of it.
@main
struct Probe {
    static func main() {
        let arguments = CommandLine.arguments
        guard arguments.count >= 4, let updates = Int(arguments[2]), let size = Int(arguments[3]) else { exit(64) }
        StopSignal.install()
        do {
            var trainer = try ToyTagger(size: size).trainer(
                configuration(directory: arguments[1], updates: updates),
                schedule: PlateauSchedule(peak: 0.01, factor: 0.7, patience: 1, warmup: 5),
                validate: arguments.count > 4 ? hang : { try $0.validated() })
            if trainer.hasCheckpoint { try trainer.resume() }
            say("\(try trainer.run { say("\($0)") })")
        } catch {
            say("\(error)")
            exit(65)
        }
    }

    private static func configuration(directory: String, updates: Int) -> TrainingConfiguration {
        var configuration = TrainingConfiguration()
        configuration.directory = directory
        configuration.logPath = directory + "/log.jsonl"
        configuration.maximumUpdates = updates
        configuration.validationInterval = 40
        configuration.checkpointInterval = 15
        configuration.progressInterval = 7
        configuration.accumulationCount = 2
        configuration.clippingNorm = 1
        configuration.snapshots = .best(2)
        return configuration
    }

    private static func hang(_ model: ToyTagger) -> ValidationResult {
        say("validating")
        while !StopSignal.isReceived { usleep(1000) }
        say("not now")
        while true { pause() }
    }

    /// Straight to the descriptor: a test reads along.
    private static func say(_ text: String) {
        let line = Array((text + "\n").utf8)
        _ = write(STDOUT_FILENO, line, line.count)
    }
}
