import AttentionTensors

/// Mechanisms without a matrix of weights are given unit vectors as values, so that what they read is where they look.
extension Catalogue {
    static let efficientExamples: [String: Example] = [
        "flash": Example(["block_key": .number(4)], draws: "output") { try $0.headedWithUnitValues() },
        "linear_attention": Example(draws: "output") { try $0.headedWithUnitValues() },
        "performer": Example(["features": .text("positive")], draws: "output") {
            try $0.headedWithUnitValues() + ["features": .real(.normal([64, $0.size], key: RandomKey(seed: 5)))]
        },
        "linformer": Example {
            try $0.headed() + $0.parameters(["projection_key": [6, $0.length], "projection_value": [6, $0.length]])
        },
        "nystrom": Example(["landmarks": .number(4), "inverse": .text("exact")], draws: "output") { material in
            // A multiple of the landmarks; fewer words than these come again.
            let count = max(4, material.length - material.length % 4)
            let rows = (0..<count).map { $0 % material.length }
            let heads = try material.states.at(0).selecting(rows).reshaped(to: [1, 1, count, material.size])
            let unit = try Tensor(
                (0..<count * count).map { $0 / count == $0 % count ? 1 : 0 }, shape: [1, 1, count, count])
            return ["query": .real(heads), "key": .real(heads), "value": .real(unit)]
        },
        "efficient_attention": Example(draws: "output") { try $0.headedWithUnitValues() },
        "cosformer": Example(["causal": .truth(false)], draws: "output") { try $0.headedWithUnitValues() },
        "retention": Example(draws: "output") {
            try $0.headedWithUnitValues() + ["gamma": .real(Tensor.ones([1]) * 0.8)]
        },
        "linear_recurrence": Example(["rule": .text("gated")], draws: "output") {
            try $0.headedWithUnitValues() + ["decay": .real(Tensor.ones([1, 1, $0.length, 1]) * -0.3)]
        },
        "aft": Example(["variant": .text("full")], draws: "weights") {
            $0.sequence + $0.parameters(["position_bias": [$0.length, $0.length]])
        },
        "rwkv": Example(draws: "output") { material in
            let keys = try material.states.sliced(axis: 2, 0..<1).expanded(to: [1, material.length, material.length])
            return [
                "key": .real(keys), "value": .real(try material.unitRows()),
                "decay": .real(Tensor.ones([material.length]) * -1), "bonus": .real(.ones([material.length])),
            ]
        },
        "synthesizer": Example(["variant": .text("dense")]) {
            ["query": .real($0.states), "value": .real($0.states)]
                + $0.parameters([
                    "linear1.weight": [32, $0.size], "linear1.bias": [32], "linear2.weight": [$0.length, 32],
                    "linear2.bias": [$0.length],
                ])
        },
        "external_attention": Example {
            ["query": .real($0.states)]
                + $0.parameters(["memory_key": [8, $0.size], "memory_value": [8, $0.size]])
        },
        "cross_covariance": Example { try $0.headed(8) + ["temperature": .real(Tensor.ones([8]) * 4)] },
        "hopfield": Example(["beta": .number(0.1), "steps": .number(1)]) {
            ["query": .real($0.states), "patterns": .real($0.states)]
        },
        "prob_sparse": Example(["active": .number(4)], draws: "output") { material in
            let samples = (0..<material.length).flatMap { i in (0..<4).map { (i + 3 * $0) % material.length } }
            return try material.headedWithUnitValues()
                + ["samples": .integers(samples, shape: [material.length, 4])]
        },
    ]
}
