public import ArgumentParser
import Attention
import AttentionCommand
public import AttentionLaboratory

struct Bench: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what this machine can do at most, and what the kernels reach of it.",
        discussion: """
            Ceilings are measured by loops that only multiply and add in registers, and by loops that only read memory; a kernel's \
            share is the time it would take at the lower of both, by the time it took. ATTENTION_KERNELS chooses the kernels.
            """)

    @Argument(
        help: ArgumentHelp(
            "What to measure (\(KernelFamily.allCases.map(\.rawValue).joined(separator: ", "))); all unless given.",
            valueName: "kernel"))
    var kernels: [KernelFamily] = []
    @Option(parsing: .unconditional, help: "How long each case is measured, about.")
    var seconds = 0.1
    @Flag(help: "Write the result as JSON, one object a line: first the ceilings, then the kernels.")
    var json = false
    @OptionGroup var threads: ThreadOptions

    func validate() throws {
        guard seconds > 0, seconds <= 3600 else {
            throw ValidationError("--seconds: expected more than 0 and at most 3600, found \(seconds)")
        }
    }

    func run() throws {
        threads.apply()
        var benchmark = KernelBenchmark()
        benchmark.seconds = seconds
        if !kernels.isEmpty { benchmark.families = kernels }
        let report = try benchmark.run { Diagnostics.printStatus($0) }
        Diagnostics.endStatus()
        try Results.print(json ? try report.jsonLines() : report.text)
    }
}

extension KernelFamily: ExpressibleByArgument {}
