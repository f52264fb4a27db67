import ArgumentParser
import AttentionCommand

/// The command of those who study attention: mechanisms computed, compared and looked up, kernels measured.
@main
struct AttendLab: RootCommand {
    static let configuration = CommandConfiguration(
        commandName: "attend-lab",
        abstract: "Attention mechanisms and kernels: computed, compared, looked up, measured; how policies learnt.",
        version: "0.1.0",
        subcommands: [Compute.self, Compare.self, Mechanisms.self, Curves.self, Bench.self])
}
