import ArgumentParser
import Attention
import AttentionCommand

/// What decides the course of every training: its settings, its seed, and whether it goes on where it was.
struct CourseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Settings as JSON.", valueName: "file"))
    var config: String?
    @Option(name: .customLong("set"), help: ArgumentHelp("One setting; may be repeated.", valueName: "key=value"))
    var assignments: [String] = []
    @Option(help: "What all randomness follows from.")
    var seed: UInt64 = 1
    @Flag(help: "Continue from the checkpoint in the output folder.")
    var resume = false
    @Flag(help: "Print all settings with their values, and train nothing.")
    var settings = false
    @OptionGroup var threads: ThreadOptions

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
}
