import Attention

/// How long is measured, and how often a disturbed series is repeated.
struct Pace {
    let seconds: Double
    let seriesLimit: Int
}

/// Times of repeated calls, after a warm-up, taken as the peers' benchmarks take theirs.
struct Measurement {
    private let times: [Double]
    private let innerCount: Int
    private let disturbance: Disturbance
    private let seriesCount: Int

    var median: Double { (times[(times.count - 1) / 2] + times[times.count / 2]) / 2 }

    /// Calls `work` a few times to warm up, then takes samples, at least five. What takes less than a millisecond is called several
    /// times a sample. A series during which others took more than a twentieth of the machine is repeated; the least disturbed counts.
    init(at pace: Pace, _ work: () throws -> Void) throws {
        for _ in 0..<3 { try work() }
        let once = try Self.time(work)
        let innerCount = max(1, Int(1e-3 / max(once, 1e-7)))
        var best: (times: [Double], disturbance: Disturbance)?
        var seriesCount = 0
        repeat {
            if pace.seriesLimit > 1 { try Disturbance.waitForQuiet(atMost: 90) }
            seriesCount += 1
            let before = try MachineTime()
            let times = try Self.series(for: pace.seconds, innerCount, work)
            let disturbance = Disturbance(from: before, to: try MachineTime())
            if disturbance.share < best?.disturbance.share ?? .infinity { best = (times, disturbance) }
        } while seriesCount < pace.seriesLimit && (best?.disturbance.share ?? 0) > Disturbance.tolerance
        (times, disturbance) = (best?.times.sorted() ?? [], best?.disturbance ?? Disturbance())
        (self.innerCount, self.seriesCount) = (innerCount, seriesCount)
    }

    /// Calls `work` once with each item, once the code has warmed up: the times are those of single calls.
    init<Item>(at pace: Pace, each items: [Item], _ work: (Item) throws -> Void) throws {
        var best: (times: [Double], disturbance: Disturbance)?
        var seriesCount = 0
        repeat {
            if pace.seriesLimit > 1 { try Disturbance.waitForQuiet(atMost: 90) }
            seriesCount += 1
            let before = try MachineTime()
            let times = try items.map { item in try Self.time { try work(item) } }
            let disturbance = Disturbance(from: before, to: try MachineTime())
            if disturbance.share < best?.disturbance.share ?? .infinity { best = (times, disturbance) }
        } while seriesCount < pace.seriesLimit && (best?.disturbance.share ?? 0) > Disturbance.tolerance
        (times, disturbance) = (best?.times.sorted() ?? [], best?.disturbance ?? Disturbance())
        (innerCount, self.seriesCount) = (1, seriesCount)
    }

    var mean: Double { times.reduce(0, +) / Double(times.count) }

    /// The time that this share of the calls stayed below.
    func quantile(_ share: Double) -> Double { times[min(times.count - 1, Int(Double(times.count) * share))] }

    private static func series(for seconds: Double, _ innerCount: Int, _ work: () throws -> Void) throws -> [Double] {
        var times: [Double] = []
        let start = ContinuousClock.now
        while times.count < 5 || (ContinuousClock.now - start) / .seconds(1) < seconds {
            times.append(try time { for _ in 0..<innerCount { try work() } } / Double(innerCount))
        }
        return times
    }

    private static func time(_ work: () throws -> Void) rethrows -> Double {
        let before = ContinuousClock.now
        try work()
        return (ContinuousClock.now - before) / .seconds(1)
    }

    /// The times, and what they amount to: `amount` is what one call does, in `unit`s without the "/s".
    /// - Parameter part: what is not to be counted of each call; nil counts all.
    func add(to line: inout Line, without part: Measurement? = nil, amount: Double, unit: String) {
        let median = median - (part?.median ?? 0)
        line["median_s"] = .number(median)
        line["min_s"] = .number(times[0] - (part?.times[0] ?? 0))
        line["p90_s"] = .number(quantile(0.9) - (part?.quantile(0.9) ?? 0))
        line["reps"] = .number(Double(times.count))
        line["inner"] = .number(Double(innerCount))
        line["tries"] = .number(Double(seriesCount))
        line["foreign_pct"] = .number(100 * disturbance.foreign)
        line["steal_pct"] = .number(100 * disturbance.stolen)
        line["throughput"] = .number(amount / median)
        line["unit"] = .text(unit + "/s")
    }
}
