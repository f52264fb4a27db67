public import ArgumentParser
public import Attention
import AttentionCommand
import AttentionFiles
import AttentionLaboratory
import Glibc

struct Compare: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train the same small model with different mechanisms and compare what they learn.",
        discussion: """
            Every mechanism gets the same task, data, budget and seed. A mechanism is named by its parts, joined by +: additive, \
            dot+sparsemax, none. The table goes to standard output; --chart draws quality, speed, memory, entropy and accuracy by length.
            """)

    @Argument(help: ArgumentHelp("The mechanisms to compare.", valueName: "mechanism"))
    var mechanisms: [String]
    @Option(help: "What is to be learnt: copy, reverse or sort a sequence of symbols.")
    var task = SequenceTask.reverse
    @Option(parsing: .unconditional, help: "The longest sequence, in symbols.")
    var maximumLength = 20
    @Option(parsing: .unconditional, help: "Updates each mechanism has.")
    var updates = 1000
    @Option(parsing: .unconditional, help: "What data, parameters and order follow from.")
    var seed: UInt64 = 1
    @Option(help: ArgumentHelp("Draw the result.", valueName: "file.svg"))
    var chart: String?
    @Flag(help: "Write the result as JSON.")
    var json = false
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        try ChartFile.validate(chart, option: "--chart")
        guard (1...1000).contains(maximumLength) else {
            throw ValidationError("--maximum-length: expected 1 to 1000, found \(maximumLength)")
        }
        guard (1...10_000_000).contains(updates) else {
            throw ValidationError("--updates: expected 1 to 10000000, found \(updates)")
        }
        if let twice = Dictionary(grouping: mechanisms, by: \.self).first(where: { $0.value.count > 1 })?.key {
            throw ValidationError("expected each mechanism once, found \(twice) twice")
        }
    }

    func run() throws {
        threads.apply()
        try ChartFile.check(chart)
        let subjects = try mechanisms.map { try ComparisonSubject(named: $0) }
        var comparison = MechanismComparison()
        (comparison.task, comparison.maximumLength) = (task, maximumLength)
        (comparison.updateCount, comparison.seed) = (updates, seed)
        var rows: [ComparisonRow] = []
        for subject in subjects {
            let row = try comparison.measure(subject) { update, loss in
                Diagnostics.printStatus("\(subject.name): update \(update) of \(updates), loss \(loss)")
            }
            rows.append(row)
        }
        Diagnostics.endStatus()
        let table = ComparisonTable(rows)
        try Results.print(json ? try table.json() : table.text)
        if let chart { try AtomicFile.write(Array(table.svg.utf8), to: chart) }
    }
}

extension SequenceTask: ExpressibleByArgument {}
