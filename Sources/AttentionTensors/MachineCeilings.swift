internal import CAttentionKernels

/// What this machine can do at most with the kernels in use, measured: loops that only multiply and add in registers, and loops that
/// only read.
public struct MachineCeilings: Sendable {
    /// What one thread reaches, and all together.
    public struct Rate: Sendable, Hashable, Codable {
        /// A second, of one thread.
        public let oneThread: Double
        /// A second, of `Parallel.threadCount` threads.
        public let allThreads: Double
    }

    /// Arithmetic operations a second by precision of products; a multiply-add is two. Where numbers are split, the several
    /// products that make up one are counted as one.
    public let arithmetic: [Precision: Rate]
    /// Bytes a second read from memory that no cache holds.
    public let reading: Rate

    /// Measures each rate for about this long; the best that was seen counts.
    public init(measuringFor seconds: Double) {
        arithmetic = Dictionary(
            uniqueKeysWithValues: Precision.allCases.map { ($0, Self.arithmetic($0, measuringFor: seconds)) })
        reading = Self.reading(measuringFor: seconds)
    }

    private static func arithmetic(_ precision: Precision, measuringFor seconds: Double) -> Rate {
        let steps = 1 << 16  // long beside the call, short beside an interruption
        let (ceiling, pieces) = (precision.ceiling, Parallel.threadCount * 4)
        @Sendable func multiplyAndAdd() -> Double {
            var sum = 0.0
            return 2 * ceiling(&sum, 1, 1, steps)
        }
        let amount = multiplyAndAdd()
        return Rate(
            oneThread: best(for: seconds / 2, amount) { _ = multiplyAndAdd() },
            allThreads: best(for: seconds / 2, amount * Double(pieces)) {
                Parallel.forEach(pieces) { _ in _ = multiplyAndAdd() }
            })
    }

    private static func reading(measuringFor seconds: Double) -> Rate {
        let count = 64 << 20  // 256 MiB, more than the caches of a few cores
        let memory = Storage(count: count)
        memory.elements.initialize(repeating: 1, count: count)
        let (bytes, pieces) = (Double(count * MemoryLayout<Float>.stride), Parallel.threadCount * 4)
        return Rate(
            oneThread: best(for: seconds / 2, bytes) { _ = kernels.maximum(memory.elements, count) },
            allThreads: best(for: seconds / 2, bytes) {
                Parallel.forEach(pieces) { piece in
                    let (first, last) = (piece * count / pieces, (piece + 1) * count / pieces)
                    _ = kernels.maximum(memory.elements + first, last - first)
                }
            })
    }

    /// How much of `amount` the fastest of repeated calls does in a second.
    private static func best(for seconds: Double, _ amount: Double, _ work: () -> Void) -> Double {
        let start = ContinuousClock.now
        var shortest = Double.infinity
        repeat {
            let before = ContinuousClock.now
            work()
            shortest = min(shortest, (ContinuousClock.now - before) / .seconds(1))
        } while (ContinuousClock.now - start) / .seconds(1) < seconds
        return amount / shortest
    }
}

extension Precision {
    /// The loop that shows what products of this precision can reach at most.
    fileprivate var ceiling: @convention(c) (UnsafeMutablePointer<Double>, Float, Float, Int) -> Double {
        switch self {
        case .exact: kernels.ceilings.0
        case .float32: kernels.ceilings.1
        case .bfloat16: kernels.ceilings.2
        case .int8: kernels.ceilings.3
        }
    }
}
