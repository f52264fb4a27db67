import AttentionTensors

extension Catalogue {
    static let headExamples: [String: Example] = [
        "multi_head": Example(["heads": .number(4)]) { material in
            let size = material.size
            return material.sequence
                + material.parameters([
                    "in_proj_weight": [3 * size, size], "in_proj_bias": [3 * size], "out_proj.weight": [size, size],
                    "out_proj.bias": [size],
                ])
        },
        "projected_multi_head": Example(["heads": .number(4), "kv_heads": .number(2)] + scopes("causal")) { material in
            let size = material.size
            return material.sequence
                + material.parameters([
                    "q_proj.weight": [size, size], "k_proj.weight": [size / 2, size],
                    "v_proj.weight": [size / 2, size],
                    "o_proj.weight": [size, size],
                ])
        },
        "gqa": Example(scopes("causal")) { try $0.grouped(2) },
        "mqa": Example(scopes("causal")) { try $0.grouped(1) },
        "talking_heads": Example {
            try $0.headed(2) + $0.parameters(["weight_logits": [2, 2], "weight_weights": [2, 2]])
        },
        "kv_cache": Example { material in
            let (heads, past) = (try material.heads(), material.length / 3)
            let (new, old) = (
                try heads.sliced(axis: 2, past..<material.length), try heads.sliced(axis: 2, 0..<past)
            )
            return [
                "query": .real(new), "key": .real(new), "value": .real(new), "past_key": .real(old),
                "past_value": .real(old),
            ]
        },
        "sinusoidal_positions": Example(["length": .number(24), "dim": .number(16)], draws: "output") { _ in [:] },
        "worked_example": Example { _ in
            [
                "words": .real(try Tensor([1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1], shape: [4, 3])),
                "W_Q": .real(try Tensor([2, 0, 2, 2, 0, 0, 2, 1, 2], shape: [3, 3])),
                "W_K": .real(try Tensor([2, 2, 2, 0, 2, 1, 0, 1, 1], shape: [3, 3])),
                "W_V": .real(try Tensor([1, 1, 0, 0, 1, 1, 0, 0, 0], shape: [3, 3])),
            ]
        },
        "combined": Example(
            [
                "scopes": .list([
                    .fields(["kind": .text("causal")]),
                    .fields(["kind": .text("sliding_window"), "left": .number(6), "right": .number(-1)]),
                ]),
                "modifiers": .list([
                    .fields(["kind": .text("rope"), "layout": .text("half")]),
                    .fields(["kind": .text("softcap"), "cap": .number(4)]),
                ]),
                "normalizer": .fields(["kind": .text("softmax_sink")]),
            ]
        ) { try $0.headed(2) + ["sink": .real(.zeros([2]))] },
        "combination": Example(
            ["score": .fields(["kind": .text("additive")]), "normalizer": .fields(["kind": .text("sparsemax")])]
                + scopes("causal")
        ) { try $0.headed() + $0.network },
        "transformer_xl": Example(["causal": .truth(true)]) {
            try $0.headed()
                + $0.parameters([
                    "weight_relative": [$0.size, 16], "content_bias": [1, $0.size], "position_bias": [1, $0.size],
                ])
        },
        "disentangled": Example(["span": .number(4), "index": .text("paper")]) {
            try $0.headed() + $0.parameters(["relative_key": [1, 8, $0.size], "relative_query": [1, 8, $0.size]])
        },
        "differential": Example(["lambda_init": .number(0.5), "causal": .truth(false)]) { material in
            let (heads, size) = (try material.heads(2), material.size / 2)
            let value = try material.heads(1)
            return ["query": .real(heads), "key": .real(heads), "value": .real(value)]
                + ["lambda_q1", "lambda_k1", "lambda_q2", "lambda_k2"].reduce(into: [:]) {
                    $0[$1] = .real(material.parameter($1, [size]) * 0.05)
                }
        },
        "multi_head_latent": Example(
            ["heads": .number(2), "nope_dim": .number(16), "rope_dim": .number(8), "value_dim": .number(16)]
        ) { material in
            let size = material.size
            return ["query": .real(material.states)]
                + material.parameters([
                    "q_a_proj.weight": [32, size], "q_b_proj.weight": [48, 32],
                    "kv_a_proj_with_mqa.weight": [40, size], "kv_b_proj.weight": [64, 32], "o_proj.weight": [size, 32],
                ])
                + ["q_a_layernorm.weight": .real(.ones([32])), "kv_a_layernorm.weight": .real(.ones([32]))]
        },
        "output_gate": Example(scopes("causal")) {
            try $0.headed() + ["input": .real($0.states)] + $0.parameters(["gate_proj.weight": [$0.size, $0.size]])
        },
    ]
}

extension ExampleMaterial {
    /// Four heads of queries that share `count` heads of keys and values.
    fileprivate func grouped(_ count: Int) throws(ShapeError) -> Outputs {
        let heads = try heads(4)
        let shared = try heads.sliced(axis: 1, 0..<count)
        return ["query": .real(heads), "key": .real(shared), "value": .real(shared)]
    }
}
