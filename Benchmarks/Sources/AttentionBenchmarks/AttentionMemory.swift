import Attention

/// The memory that attention over 8192 positions and its derivative add to the process: three passes, after the same code has run once
/// at length 256.
struct AttentionMemory: Workload {
    let name = "memory"
    let cases = ["sdpa-fwdbwd-8192/full", "sdpa-fwdbwd-8192/causal"]
    let seconds = 0.0

    func run(_ name: String, at pace: Pace) throws {
        let region: ScaledDotProduct.Region = name.hasSuffix("full") ? .full : .causal
        let small = ScaledDotProduct("", 1, 8, 8, 256, 256, 64, region)
        _ = try small.forwardBackward(small.inputs())
        let large = ScaledDotProduct("", 1, 8, 8, 8192, 8192, 64, region)
        let inputs = large.inputs()
        var line = Line(self, name)
        line["median_s"] = .missing
        try ResidentMemory.add(to: &line) { _ = try large.forwardBackward(inputs) }
        line.print()
    }
}
