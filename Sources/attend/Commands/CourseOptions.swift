import ArgumentParser
import Attention
import AttentionCommand

/// What decides the course of every training: its settings, its seed, and whether it goes on where it was.
struct CourseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Settings as JSON.", valueName: "file"))
    var config: String?
    @Option(name: .customLong("set"), help: ArgumentHelp("One setting; may be repeated.", valueName: "key=value"))
    var assignments: [String] = []
    @Option(parsing: .unconditional, help: "What all randomness follows from.")
    var seed: UInt64 = 1
    @Flag(help: "Continue from the checkpoint in the output folder.")
    var resume = false
    @Flag(help: "Print all settings with their values, and train nothing.")
    var settings = false
    @OptionGroup var threads: ThreadOptions

    /// What is said of settings and signals below the own words of commands that train from the beginning.
    static let discussion = """
        Settings have defaults; --config takes a JSON file of changes and --set single ones, as in \
        --set dropout=0.2 or --set training.maximumUpdates=2000; --settings prints them all. Ctrl-C saves and ends; --resume goes on from there \
        exactly.
        """

    /// The settings with all changes.
    func chosen<Value: Codable & Sendable>(_ defaults: Value) throws -> Value {
        var changes = try Settings(defaults)
        if let config { try changes.apply(contentsOf: config) }
        for assignment in assignments { try changes.apply(assignment: assignment) }
        return try changes.value()
    }

    /// Says why a training ended, and where its model is or how it goes on.
    static func tell(_ reason: StopReason, output: String) {
        Diagnostics.endStatus()
        switch reason {
        case .interrupted: Diagnostics.print("attend: interrupted; continue with the same command and --resume")
        default: Diagnostics.print("attend: \(reason); the model is in \(output)")
        }
    }

    /// Trains from the beginning, and tells how it goes and ends.
    ///
    /// - Parameter unit: what losses are summed over.
    func run(
        output: String, unit: String = "tokens",
        _ body: (_ observer: (CourseReport) throws -> Void) throws -> StopReason
    ) throws {
        StopSignal.install()
        var updateCount: Int?
        let reason = try body { Self.tell($0, &updateCount, unit: unit) }
        Self.tell(reason, output: output)
    }

    /// Trains from the beginning with all processes that were started for it, and tells how it goes and ends.
    func runTogether(
        output: String,
        _ body: (any GradientExchange, _ observer: (CourseReport) throws -> Void) throws -> StopReason
    ) throws {
        try Ranks.train(to: output, threads: threads) { exchange in
            StopSignal.install()
            var updateCount: Int?
            return try body(exchange) { Self.tell($0, &updateCount, unit: "tokens") }
        }
    }

    private static func tell(_ report: CourseReport, _ updateCount: inout Int?, unit: String) {
        switch report {
        case .prepared(let found):
            updateCount = found.updateCount
            Diagnostics.print(
                "attend: \(found.data), \(found.parameterCount) parameters, \(found.updateCount) updates, "
                    + "\(Parallel.threadCount) threads, \(KernelSelection.active) kernels")
        case .training(.progress(let progress)):
            Diagnostics.printStatus(ProgressLine(progress, maximumUpdates: updateCount, unit: unit).description)
        case .training(.validation(let validation)):
            Diagnostics.endStatus()
            let metrics = validation.inWords(words)
            Diagnostics.print(
                "attend: update \(validation.update): validation loss \(validation.loss.shown(4))\(metrics)"
            )
        case .training: break
        }
    }

    private static func words(_ metric: String, _ value: Double) -> String {
        switch metric {
        case "bitsPerByte": ", \(value.shown(4)) bits per byte"
        case "characterAccuracy": ", CER \((1 - value).shown(4))"
        case "wordAccuracy": ", WER \((1 - value).shown(4))"
        default: ", \(metric) \(value.shown(4))"
        }
    }
}
