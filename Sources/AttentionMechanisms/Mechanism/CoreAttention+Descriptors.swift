import AttentionTensors

extension CoreAttention {
    /// Compositions that have names of their own.
    static let descriptors = [grouped, multiQuery, dropout, combined, combination]

    private static let grouped = MechanismDescriptor(
        "gqa", "Grouped-query attention", .heads, formula: "head h reads key/value head ⌊h / (H / Hkv)⌋",
        cost: "O(HQKD), memory O(Hkv KD)",
        use: "A key–value cache that is smaller by H / Hkv, with almost no loss.",
        source: "Ainslie et al. 2023, GQA", accepting: CoreAttention.options,
        example: Example(.scope("causal")) { try $0.grouped(2) }, compute: compute)

    private static let multiQuery = MechanismDescriptor(
        "mqa", "Multi-query attention", .heads, formula: "all heads share one key/value head",
        cost: "O(HQKD), memory O(KD)", use: "The smallest key–value cache; some loss of quality.",
        source: "Shazeer 2019, Fast Transformer Decoding: One Write-Head Is All You Need",
        accepting: CoreAttention.options, example: Example(.scope("causal")) { try $0.grouped(1) }, compute: compute)

    private static let dropout = MechanismDescriptor(
        "dropout", "Dropout of weights", .normalizer, formula: "o = Σ w keep / (1 − p) v", cost: "O(QK)",
        use: "Regularization in training. Here the kept weights are given.",
        source: "Vaswani et al. 2017, sec. 5.4; Srivastava et al. 2014", accepting: CoreAttention.options,
        example: Example(["dropout": .number(0.3)]) { material in
            let kept = material.parameter("keep", [material.length * material.length]).values.map { $0 > -0.5 }
            let shape: Shape = [1, 1, material.length, material.length]
            return try material.headed() + ["keep": .truths(try Mask(kept, shape: shape))]
        }, compute: compute)

    private static let combined = MechanismDescriptor(
        "combined", "A modern decoder's attention", .composition,
        formula: "QK-norm, RoPE, soft cap, causal window, padding, sinks, grouped heads", cost: "O(HQKD)",
        use: "What current language models put together.", source: "Gemma 2, Qwen3, gpt-oss",
        accepting: CoreAttention.options,
        example: Example([
            "scopes": .list([
                .fields(["kind": .text("causal")]),
                .fields(["kind": .text("sliding_window"), "left": .number(6), "right": .number(-1)]),
            ]),
            "modifiers": .list([
                .fields(["kind": .text("rope"), "layout": .text("half")]),
                .fields(["kind": .text("softcap"), "cap": .number(4)]),
            ]),
            "normalizer": .fields(["kind": .text("softmax_sink")]),
        ]) { try $0.headed(2) + ["sink": .real(.zeros([2]))] }, compute: compute)

    private static let combination = MechanismDescriptor(
        "combination", "Any combination", .composition, formula: "normalize(modify(score(q, k)) within scope) · v",
        cost: "that of its parts",
        use: "Parts that nobody has put together yet.", source: "Vaswani et al. 2017, generalized",
        accepting: CoreAttention.options,
        example: Example(
            ["score": .fields(["kind": .text("additive")]), "normalizer": .fields(["kind": .text("sparsemax")])]
                + .scope("causal")
        ) { try $0.headed() + $0.network }, compute: compute)
}

extension ExampleMaterial {
    /// Four heads of queries that share `count` heads of keys and values.
    fileprivate func grouped(_ count: Int) throws(ShapeError) -> Outputs {
        let heads = try heads(4)
        let shared = try heads.sliced(axis: 1, 0..<count)
        return ["query": .real(heads), "key": .real(shared), "value": .real(shared)]
    }
}
