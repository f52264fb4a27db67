import Attention
import Glibc

/// Runs workloads and prints one JSON line for each measurement, in the form of the peers' benchmarks.
///
///     swift run -c release AttentionBenchmarks [WORKLOAD …] [--case TEXT]… [--precision NAME]… [--seconds S] [--quick] [--list]
///
/// A case is measured if its name contains one of the texts, a precision if it is one of those named (float32, bfloat16, int8).
@main
struct AttentionBenchmarks {
    static let workloads: [any Workload] = [
        MatrixProducts(), ScaledDotProductSpeed(), AdditiveAttention(), TransformerTraining(), RecurrentTraining(),
        TransformerDecoding(), AttentionMemory(), SentenceEmbedding(), Tokenizing(), Generating(), T5Writing(),
        MarianTranslating(), OperationSpeed(),
    ]

    static func main() throws {
        do {
            try run(try Options(CommandLine.arguments.dropFirst()))
        } catch let error as Options.Unfit {
            var sentence = "AttentionBenchmarks: \(error)\n"
            sentence.withUTF8 { bytes in _ = write(STDERR_FILENO, bytes.baseAddress, bytes.count) }
            exit(EX_USAGE)
        }
    }

    private static func run(_ options: Options) throws {
        for workload in workloads where options.names.isEmpty || options.names.contains(workload.name) {
            for precision in workload.precisions where options.wants(precision) {
                for name in workload.cases where options.wants(name) {
                    guard !options.listsOnly else {
                        print(workload.name, name, precision.peersName)
                        continue
                    }
                    let pace = Pace(
                        seconds: options.seconds ?? workload.seconds, seriesLimit: options.isQuick ? 1 : 4)
                    try withPrecision(precision) { try workload.run(name, at: pace) }
                }
            }
        }
    }
}

/// What the environment says; nil if it says nothing.
func environment(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Exactly defined work that is measured, in the precision that is in use.
protocol Workload: Sendable {
    /// As the peers' benchmarks call it.
    var name: String { get }
    /// The sizes it comes in.
    var cases: [String] { get }
    /// The precisions it is measured in.
    var precisions: [Precision] { get }
    /// How long the peers' benchmarks take samples of a case.
    var seconds: Double { get }
    /// Measures one case and prints the line.
    func run(_ name: String, at pace: Pace) throws
}

extension Workload {
    var precisions: [Precision] { [.float32, .bfloat16] }
}

extension Precision {
    /// As the peers' benchmarks call it: tensors are float32 in any case.
    var peersName: String {
        switch self {
        case .exact: "exact"
        case .float32: "float32"
        case .bfloat16: "bf16math"
        case .int8: "int8dyn"
        }
    }
}
