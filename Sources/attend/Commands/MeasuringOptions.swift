import ArgumentParser
import AttentionCommand

/// How a model is measured and what was found is told: what the commands share that do so.
struct MeasuringOptions: ParsableArguments {
    @Flag(help: "Write the result as JSON.")
    var json = false
    @OptionGroup var precision: PrecisionOptions
    @OptionGroup var threads: ThreadOptions

    /// What `body` finds, which may say on the status line how far it is.
    func callAsFunction<Found>(_ body: () throws -> Found) rethrows -> Found {
        let found = try precision(body)
        Diagnostics.endStatus()
        return found
    }
}
