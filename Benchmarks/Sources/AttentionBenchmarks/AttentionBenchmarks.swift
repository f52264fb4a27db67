import Attention

/// Runs workloads and prints one JSON line for each measurement, in the form of the peers' benchmarks.
///
///     swift run -c release AttentionBenchmarks [WORKLOAD …] [--case CASE] [--seconds S]
@main
struct AttentionBenchmarks {
    static let workloads: [any Workload] = [
        TransformerTraining(), RecurrentTraining(), ScaledDotProductSpeed(), AttentionMemory(),
    ]

    static func main() throws {
        var names: [String] = []
        var (chosenCase, seconds): (String?, Double) = (nil, 8)
        var arguments = CommandLine.arguments.dropFirst().makeIterator()
        while let argument = arguments.next() {
            switch argument {
            case "--case": chosenCase = arguments.next()
            case "--seconds": seconds = arguments.next().flatMap(Double.init) ?? seconds
            case "--list":
                for workload in workloads { print(workload.name, workload.cases.joined(separator: " ")) }
                return
            default: names.append(argument)
            }
        }
        for workload in workloads where names.isEmpty || names.contains(workload.name) {
            for name in workload.cases where chosenCase == nil || chosenCase == name {
                try workload.run(name, for: seconds)
            }
        }
    }
}

/// Exactly defined work that is timed.
protocol Workload: Sendable {
    /// As the peers' benchmarks call it.
    var name: String { get }
    /// The sizes it comes in.
    var cases: [String] { get }
    /// Measures one case for about this long and prints the line.
    func run(_ name: String, for seconds: Double) throws
}
