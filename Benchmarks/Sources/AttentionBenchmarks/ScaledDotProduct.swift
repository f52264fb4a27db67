import Attention

/// softmax(q kᵀ / √D) v of one shape, with everything, what came before, or the last 256 keys in sight.
struct ScaledDotProduct: Sendable {
    let name: String
    let batch, heads, keyHeads, queries, keys, headSize: Int
    let region: Region

    enum Region: String, Sendable { case full, causal, window }
    static let window = 256

    static let cases: [ScaledDotProduct] = [
        Self("b1h8l128d64", 1, 8, 8, 128, 128, 64, .full), Self("b1h8l128d64", 1, 8, 8, 128, 128, 64, .causal),
        Self("b8h8l512d64", 8, 8, 8, 512, 512, 64, .full), Self("b8h8l512d64", 8, 8, 8, 512, 512, 64, .causal),
        Self("b1h12l2048d64", 1, 12, 12, 2048, 2048, 64, .full),
        Self("b1h12l2048d64", 1, 12, 12, 2048, 2048, 64, .causal),
        Self("b1h8l8192d64", 1, 8, 8, 8192, 8192, 64, .full), Self("b1h8l8192d64", 1, 8, 8, 8192, 8192, 64, .causal),
        Self("decode-b1h12q1k2048d64", 1, 12, 12, 1, 2048, 64, .full),
        Self("gqa-b1h32kv8l1024d128", 1, 32, 8, 1024, 1024, 128, .full),
        Self("gqa-b1h32kv8l1024d128", 1, 32, 8, 1024, 1024, 128, .causal),
        Self("window256-b1h8l8192d64", 1, 8, 8, 8192, 8192, 64, .window),
    ]

    init(
        _ name: String, _ batch: Int, _ heads: Int, _ keyHeads: Int, _ queries: Int, _ keys: Int, _ headSize: Int,
        _ region: Region
    ) {
        self.name = name
        (self.batch, self.heads, self.keyHeads) = (batch, heads, keyHeads)
        (self.queries, self.keys, self.headSize) = (queries, keys, headSize)
        self.region = region
    }

    var mechanism: AttentionMechanism {
        switch region {
        case .full: AttentionMechanism()
        case .causal: AttentionMechanism(scope: .causal)
        case .window:
            AttentionMechanism(scope: .intersection(.causal, .slidingWindow(left: Self.window - 1, right: nil)))
        }
    }

    /// Query, keys, values and the upstream gradient, drawn from N(0, 1).
    func inputs() -> [Tensor] {
        let shapes: [Shape] = [
            [batch, heads, queries, headSize], [batch, keyHeads, keys, headSize], [batch, keyHeads, keys, headSize],
            [batch, heads, queries, headSize],
        ]
        return shapes.enumerated().map { .normal($0.element, key: RandomKey(seed: UInt64($0.offset))) }
    }

    /// 4 D for each visible pair and head; with the derivative 3.5 times that.
    var operations: Double {
        let pairs = (0..<queries).reduce(0) { sum, i in
            switch region {
            case .full: sum + keys
            case .causal: sum + i + 1
            case .window: sum + min(i + 1, Self.window)
            }
        }
        return 4 * Double(batch * heads * headSize) * Double(pairs)
    }

    func forward(_ inputs: [Tensor]) throws -> Tensor {
        let mechanism = mechanism
        return try mechanism.attend(inputs[0], mechanism.remember(keys: inputs[1], values: inputs[2]))
    }

    /// The gradients of query, keys and values.
    func forwardBackward(_ inputs: [Tensor]) throws -> Gradients {
        try forward(inputs.map { $0.tracked() }).gradients(upstream: inputs[3])
    }
}

/// The time of scaled dot-product attention, forward and with its derivative.
struct ScaledDotProductSpeed: Workload {
    let name = "sdpa"
    let seconds = 4.0

    var cases: [String] {
        ScaledDotProduct.cases.flatMap { one in
            ["forward", "fwdbwd"].filter { one.queries > 1 || $0 == "forward" }
                .map { "\(one.name)/\(one.region.rawValue)/\($0)" }
        }
    }

    func run(_ name: String, at pace: Pace) throws {
        for one in ScaledDotProduct.cases where name.hasPrefix("\(one.name)/\(one.region.rawValue)/") {
            let inputs = one.inputs()
            switch name {
            case "\(one.name)/\(one.region.rawValue)/forward":
                let measurement = try Measurement(at: pace) { _ = try one.forward(inputs) }
                report(measurement, name, one.operations)
            case "\(one.name)/\(one.region.rawValue)/fwdbwd":
                let measurement = try Measurement(at: pace) { _ = try one.forwardBackward(inputs) }
                report(measurement, name, 3.5 * one.operations)
            default: continue
            }
        }
    }

    private func report(_ measurement: Measurement, _ name: String, _ operations: Double) {
        var line = Line(self, name)
        measurement.add(to: &line, amount: operations / 1e9, unit: "GFLOP")
        line.print()
    }
}
