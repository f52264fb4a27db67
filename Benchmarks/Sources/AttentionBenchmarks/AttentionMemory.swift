import Attention

/// The memory that attention over 8192 positions and its derivative add to the process: three passes, after the same code has run once
/// at length 256.
struct AttentionMemory: Workload {
    let name = "memory"
    let cases = ["sdpa-fwdbwd-8192/full", "sdpa-fwdbwd-8192/causal"]

    func run(_ name: String, for seconds: Double) throws {
        let region: ScaledDotProduct.Region = name.hasSuffix("full") ? .full : .causal
        let small = ScaledDotProduct("", 1, 8, 8, 256, 256, 64, region)
        _ = try small.forwardBackward(small.inputs())
        let large = ScaledDotProduct("", 1, 8, 8, 8192, 8192, 64, region)
        let inputs = large.inputs()
        let before = try ResidentMemory.now()
        try ResidentMemory.forgetPeak()
        for _ in 0..<3 { _ = try large.forwardBackward(inputs) }
        let peak = try ResidentMemory.peak()
        print(
            """
            {"workload": "\(self.name)", "peer": "swift-attention", "case": "\(name)", "dtype": "float32", \
            "status": "ok", "median_s": null, "baseline_rss_mb": \(before), "peak_rss_mb": \(peak), \
            "extra_rss_mb": \(peak - before), "threads": \(Parallel.threadCount), "kernels": "\(KernelSelection.active)"}
            """)
    }
}
