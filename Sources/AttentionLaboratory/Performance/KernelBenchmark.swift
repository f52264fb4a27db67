public import AttentionTensors

/// Measures what the kernels in use reach on this machine, beside what it can do at most.
public struct KernelBenchmark: Sendable {
    /// What is measured.
    public var families = KernelFamily.allCases
    /// About how long each case is measured, and each ceiling.
    public var seconds = 0.1

    /// A benchmark of everything.
    public init() {}

    /// Measures everything that was asked for; `progress` is told what comes next.
    /// - Throws: `ShapeError`, if a kernel's case is wrong.
    public func run(progress: (String) -> Void = { _ in }) throws -> KernelReport {
        progress("ceilings")
        let ceilings = MachineCeilings(measuringFor: seconds)
        let rates = try families.flatMap(\.cases).map { one in
            progress("\(one.family.rawValue) \(one.name), \(one.precision.rawValue)")
            return KernelRate(one, seconds: try one.measure(for: seconds), ceilings)
        }
        return KernelReport(ceilings, rates)
    }
}

/// What one kernel reached.
public struct KernelRate: Sendable, Hashable, Codable {
    /// What the machine runs out of first.
    public enum Bound: String, Sendable, Hashable, Codable {
        /// Multiply-adds; the rate is in operations a second.
        case arithmetic
        /// What comes from memory and goes there; the rate is in bytes a second.
        case memory
    }

    /// What it belongs to.
    public let kernel: KernelFamily
    /// What was computed, and how large.
    public let name: String
    /// The precision of its products.
    public let precision: Precision
    /// The median time of a call.
    public let medianSeconds: Double
    /// Which of the ceilings is the lower one for this work.
    public let bound: Bound
    /// Operations or bytes a second.
    public let rate: Double
    /// The time that the machine would need at its ceiling, by the time that it took. Above 1 where caches help.
    public let share: Double

    init(_ one: KernelCase, seconds: Double, _ ceilings: MachineCeilings) {
        (kernel, name, precision, medianSeconds) = (one.family, one.name, one.precision, seconds)
        let arithmetic = one.work.operations / (ceilings.arithmetic[one.precision]?.allThreads ?? .infinity)
        let memory = one.work.bytes / ceilings.reading.allThreads
        bound = memory > arithmetic ? .memory : .arithmetic
        rate = (memory > arithmetic ? one.work.bytes : one.work.operations) / seconds
        share = max(memory, arithmetic) / seconds
    }
}
