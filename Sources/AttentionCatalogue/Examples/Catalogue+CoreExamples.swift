import AttentionTensors

/// The compositional core: one part is chosen, all others are scaled dot products, everywhere, with softmax.
extension Catalogue {
    static let scoreExamples: [String: Example] = [
        "dot": score("dot") { _ in [:] },
        "scaled_dot": score("scaled_dot") { _ in [:] },
        "general": score("general") { $0.parameters(["weight": [$0.size, $0.size]]) },
        "biased_general": score("biased_general") {
            $0.parameters(["weight": [$0.size, $0.size], "query_bias": [$0.size]])
        },
        "activated_general": score("activated_general") {
            $0.parameters(["weight": [$0.size, $0.size], "score_bias": [1]])
        },
        "concat": score("concat") { $0.parameters(["weight": [16, 2 * $0.size], "vector": [16]]) },
        "additive": score("additive", tensors: additive),
        "normed_additive": score("normed_additive") {
            additive($0) + ["gain": .real(.ones([1]) * 4), "hidden_bias": .real($0.parameter("hidden_bias", [16]))]
        },
        "location": score("location") { $0.parameters(["weight": [$0.length, $0.size]]) },
        "cosine": score("cosine", ["scale": .number(8)]) { _ in [:] },
        "gaussian_kernel": score("gaussian_kernel", ["sigma": .number(4)]) { _ in [:] },
    ]

    static let normalizerExamples: [String: Example] = [
        "softmax": normalizer("softmax"),
        "softmax_sink": normalizer("softmax_sink") { _ in ["sink": .real(.ones([1]))] },
        "softmax_one": normalizer("softmax_one"),
        "scalable_softmax": normalizer("scalable_softmax") { _ in ["length_scale": .real(.ones([1]))] },
        "sparsemax": normalizer("sparsemax"),
        "entmax15": normalizer("entmax15"),
        "entmax": normalizer("entmax", ["alpha": .number(1.2)]),
        "sigmoid": normalizer("sigmoid", ["bias": .text("neg_log_length")]),
        "normalized_sigmoid": normalizer("normalized_sigmoid"),
        "relu": normalizer("relu"),
        "top_k": normalizer("top_k", ["k": .number(3)]),
        "hardmax": normalizer("hardmax"),
        "stick_breaking": normalizer("stick_breaking"),
        "gumbel_softmax": normalizer("gumbel_softmax", ["temperature": .number(0.5)]) {
            ["gumbel": .real($0.parameter("gumbel", [1, 1, $0.length, $0.length]) * 4)]
        },
        "hard_sample": normalizer("softmax") {
            ["uniform": .real(Tensor.ones([1, 1, $0.length]) * 0.5)]
        },
        "sinkhorn": normalizer("sinkhorn", ["iterations": .number(20)]),
        "over_queries": normalizer("over_queries", ["epsilon": .number(1e-8)]),
        "dropout": Example(["dropout": .number(0.3)]) { material in
            let kept = material.parameter("keep", [material.length * material.length]).values.map { $0 > -0.5 }
            let shape: Shape = [1, 1, material.length, material.length]
            return try material.headed() + ["keep": .truths(try Mask(kept, shape: shape))]
        },
    ]

    static let modifierExamples: [String: Example] = [
        "rope": modifier("rope", ["layout": .text("half")]),
        "rope_scaling": modifier(
            "rope", ["scaling": .fields(["kind": .text("linear"), "factor": .number(4)]), "layout": .text("half")]),
        "qk_norm": modifier("qk_norm", ["norm": .text("rms")]) {
            ["gain_query": .real(.ones([$0.size])), "gain_key": .real(.ones([$0.size]))]
        },
        "softcap": modifier("softcap", ["cap": .number(1)]),
        "bias": modifier("bias") { ["bias": .real($0.parameter("bias", [$0.length, 1]))] },
        "t5_bias": modifier(
            "t5_bias", ["buckets": .number(8), "max_distance": .number(16), "bidirectional": .truth(true)]
        ) { $0.parameters(["relative_bias": [8, 1]]) },
        "alibi": modifier("alibi"),
        "kerple": modifier("kerple", ["variant": .text("log")]) { _ in
            ["rate": .real(.ones([1])), "spread": .real(.ones([1]))]
        },
        "relative_bias_2d": modifier("relative_bias_2d", ["height": .number(3), "width": .number(4)]) {
            $0.parameters(["relative_table": [35, 1]])
        },
        "forget_gate": Example(modifiers("forget_gate") + scopes("causal")) {
            try $0.headed() + ["log_forget": .real(Tensor.ones([1, 1, $0.length]) * -0.4)]
        },
        "shaw": modifier("shaw", ["clip": .number(2)]) {
            $0.parameters(["relative_key": [5, $0.size], "relative_value": [5, $0.size]])
        },
    ]

    static let scopeExamples: [String: Example] = [
        "padding": scope("padding") { ["key_lengths": .integers([$0.length * 2 / 3], shape: [1])] },
        "query_padding": scope("query_padding") { ["query_lengths": .integers([$0.length * 2 / 3], shape: [1])] },
        "key_mask": scope("key_mask") { ["key_mask": .truths(try $0.everyOther([1, $0.length]))] },
        "mask": scope("mask") { ["mask": .truths(try $0.everyOther([$0.length, $0.length]))] },
        "causal": scope("causal"),
        "prefix": scope("prefix") { ["prefix_lengths": .integers([$0.length / 2], shape: [1])] },
        "sliding_window": scope("sliding_window", ["left": .number(2), "right": .number(1)]),
        "local_m": scope("local_m", ["half_width": .number(2)]),
        "dilated": scope("dilated", ["left": .number(2), "right": .number(2), "dilation": .number(2)]),
        "strided": scope("strided", ["stride": .number(3)]),
        "fixed": scope("fixed", ["stride": .number(4), "summary": .number(1)]),
        "longformer": scope("longformer", ["window": .number(1)]) { material in
            ["global_mask": .truths(try Mask((0..<material.length).map { $0 == 0 }, shape: [1, material.length]))]
        },
        "block_sparse": scope("block_sparse", ["block_query": .number(2), "block_key": .number(2)]) { material in
            let count = (material.length + 1) / 2
            return ["block_mask": .truths(try material.everyOther([count, count]))]
        },
        "big_bird": scope(
            "big_bird",
            [
                "block_query": .number(2), "block_key": .number(2), "window_blocks": .number(3),
                "global_first": .number(1), "global_last": .number(0), "random_blocks": .number(1), "seed": .number(7),
            ]),
        "streaming": scope("streaming", ["sinks": .number(1), "window": .number(3)]),
        "chunked": scope("chunked", ["chunk": .number(4)]),
        "log_sparse": scope("log_sparse"),
        "segment": scope("segment") { material in
            let segments = (0..<material.length).map { $0 * 2 / material.length }
            return [
                "segment_query": .integers(segments, shape: [1, material.length]),
                "segment_key": .integers(segments, shape: [1, material.length]),
            ]
        },
        "axial": scope("axial", ["height": .number(3), "width": .number(4), "axis": .text("cross")]),
        "swin": scope("swin", ["height": .number(2), "width": .number(6), "window": .number(2), "shift": .number(1)]),
        "neighborhood": scope("neighborhood", ["height": .number(3), "width": .number(4), "kernel": .number(3)]),
        "lsh": scope("lsh") { $0.parameters(["rotations": [1, $0.size, 2]]) },
    ]

    private static func score(
        _ kind: String, _ options: [String: OptionValue] = [:],
        tensors: @escaping @Sendable (ExampleMaterial) throws -> Outputs
    ) -> Example {
        Example(["score": .fields(options.merging(["kind": .text(kind)]) { $1 })]) {
            try $0.headed() + (try tensors($0))
        }
    }

    private static func additive(_ material: ExampleMaterial) -> Outputs {
        material.parameters(["weight_query": [16, material.size], "weight_key": [16, material.size], "vector": [16]])
    }

    private static func normalizer(
        _ kind: String, _ options: [String: OptionValue] = [:],
        tensors: @escaping @Sendable (ExampleMaterial) throws -> Outputs = { _ in [:] }
    ) -> Example {
        Example(["normalizer": .fields(options.merging(["kind": .text(kind)]) { $1 })]) {
            try $0.headed() + (try tensors($0))
        }
    }

    private static func modifier(
        _ kind: String, _ options: [String: OptionValue] = [:],
        tensors: @escaping @Sendable (ExampleMaterial) throws -> Outputs = { _ in [:] }
    ) -> Example {
        Example(modifiers(kind, options)) { try $0.headed() + (try tensors($0)) }
    }

    private static func scope(
        _ kind: String, _ options: [String: OptionValue] = [:],
        tensors: @escaping @Sendable (ExampleMaterial) throws -> Outputs = { _ in [:] }
    ) -> Example {
        Example(scopes(kind, options)) { try $0.headed() + (try tensors($0)) }
    }

    static func modifiers(_ kind: String, _ options: [String: OptionValue] = [:]) -> [String: OptionValue] {
        ["modifiers": .list([.fields(options.merging(["kind": .text(kind)]) { $1 })])]
    }

    static func scopes(_ kind: String, _ options: [String: OptionValue] = [:]) -> [String: OptionValue] {
        ["scopes": .list([.fields(options.merging(["kind": .text(kind)]) { $1 })])]
    }
}

extension [String: OptionValue] {
    /// These options and others.
    static func + (first: [String: OptionValue], second: [String: OptionValue]) -> [String: OptionValue] {
        first.merging(second) { $1 }
    }
}

extension ExampleMaterial {
    /// A chessboard whose first field may be seen.
    fileprivate func everyOther(_ shape: Shape) throws(ShapeError) -> Mask {
        let columns = shape[-1]
        return try Mask(
            (0..<shape.elementCount).map { ($0 / columns + $0 % columns) % 2 == 0 || $0 % columns == 0 }, shape: shape)
    }
}
