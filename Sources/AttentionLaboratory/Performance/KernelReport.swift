import AttentionFiles
import AttentionInspection
import AttentionTensors

/// The ceilings of a machine and what its kernels reached, as a table and as JSON lines.
public struct KernelReport: Sendable {
    /// What a resource of the machine gives at most.
    public struct Ceiling: Sendable, Hashable, Codable {
        /// A precision, for arithmetic operations a second, or `memory`, for bytes a second.
        public let ceiling: String
        /// Of one thread.
        public let oneThread: Double
        /// Of all threads.
        public let allThreads: Double
    }

    /// The kernel table in use.
    public let kernels: String
    /// How many threads computed.
    public let threadCount: Int
    /// By precision, then memory.
    public let ceilings: [Ceiling]
    /// In the order they were measured.
    public let rates: [KernelRate]

    init(_ ceilings: MachineCeilings, _ rates: [KernelRate]) {
        (kernels, threadCount, self.rates) = (KernelSelection.active, Parallel.threadCount, rates)
        let arithmetic = Precision.allCases.compactMap { precision in
            ceilings.arithmetic[precision].map { (precision.rawValue, $0) }
        }
        self.ceilings = (arithmetic + [("memory", ceilings.reading)]).map { name, rate in
            Ceiling(ceiling: name, oneThread: rate.oneThread, allThreads: rate.allThreads)
        }
    }

    /// Two tables with aligned columns.
    public var text: String {
        let threads = threadCount == 1 ? "1 thread" : "\(threadCount) threads"
        let ceilings = ceilings.map { one in
            let unit = one.ceiling == "memory" ? KernelRate.Bound.memory.unit : KernelRate.Bound.arithmetic.unit
            return [one.ceiling, "\(one.oneThread.billions) \(unit)", "\(one.allThreads.billions) \(unit)"]
        }
        let rates = rates.map { one in
            [
                one.kernel.rawValue, one.name, one.precision.rawValue, (1000 * one.medianSeconds).decimals(3) + " ms",
                "\(one.rate.billions) \(one.bound.unit)", (100 * one.share).decimals(0) + " %",
            ]
        }
        return "kernels: \(kernels), \(threads)\n\n"
            + aligned([["ceiling", "one thread", "all threads"]] + ceilings, leading: 1) + "\n\n"
            + aligned([["kernel", "work", "precision", "median", "rate", "of the ceiling"]] + rates, leading: 3)
    }

    /// One object a line: first the ceilings, then the kernels.
    public func jsonLines() throws -> String {
        let lines = try ceilings.map { try JSONEncoding.text(of: $0) } + rates.map { try JSONEncoding.text(of: $0) }
        return lines.joined(separator: "\n")
    }

    /// Lines of columns as wide as their widest entry; the first `leading` of them begin at the left, the others end at the right.
    private func aligned(_ lines: [[String]], leading: Int) -> String {
        let widths = lines[0].indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            line.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - line[column].count)
                return column < leading ? line[column] + padding : padding + line[column]
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}

extension KernelRate.Bound {
    fileprivate var unit: String { self == .memory ? "GB/s" : "GFLOP/s" }
}

extension Double {
    fileprivate var billions: String { (self / 1e9).decimals(self < 1e10 ? 2 : 1) }
}
