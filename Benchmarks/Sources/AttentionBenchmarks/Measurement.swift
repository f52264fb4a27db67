import Attention

/// Times of repeated calls, after a warm-up.
struct Measurement {
    private let times: [Double]

    /// Calls `work` twice to warm up, then for `seconds`, at least five times.
    init(for seconds: Double, _ work: () throws -> Void) rethrows {
        for _ in 0..<2 { try work() }
        var times: [Double] = []
        let start = ContinuousClock.now
        while times.count < 5 || (ContinuousClock.now - start) / .seconds(1) < seconds {
            let before = ContinuousClock.now
            try work()
            times.append((ContinuousClock.now - before) / .seconds(1))
        }
        self.times = times.sorted()
    }

    /// Prints the line; `amount` is what one call does, in `unit`s without the "/s".
    func print(workload: String, case name: String, precision: String, amount: Double, unit: String) {
        let median = times[times.count / 2]
        let p90 = times[min(times.count - 1, times.count * 9 / 10)]
        Swift.print(
            """
            {"workload": "\(workload)", "peer": "swift-attention", "case": "\(name)", "dtype": "\(precision)", \
            "status": "ok", "median_s": \(median), "min_s": \(times[0]), "p90_s": \(p90), "reps": \(times.count), \
            "throughput": \(amount / median), "unit": "\(unit)/s", "threads": \(Parallel.threadCount), \
            "kernels": "\(KernelSelection.active)"}
            """)
    }
}
