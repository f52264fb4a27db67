import AttentionMechanisms
import AttentionTensors

extension Catalogue {
    static let modifiers: [CatalogueEntry] = [
        CatalogueEntry(
            part: "rope", "Rotary position embedding (RoPE)", .modifier,
            formula: "(a, b) → (a cos tf − b sin tf, a sin tf + b cos tf), f_m = base^(−2m/d)", cost: "O((Q + K)D)",
            use: "The standard of large language models: products know relative positions, at no cost in parameters.",
            source: "Su et al. 2021, RoFormer, eq. 14–15, 34"),
        CatalogueEntry(
            "rope_scaling", "RoPE beyond the trained length", .modifier,
            formula: "linear f/s; dynamic NTK base'; Llama 3 and YaRN: f and f/s mixed by wavelength",
            cost: "O((Q + K)D)", use: "A model is to read longer texts than it was trained on.",
            source: "Chen et al. 2023, Position Interpolation; Peng et al. 2023, YaRN; Grattafiori et al. 2024",
            compute: rotaryScaling),
        CatalogueEntry(
            part: "qk_norm", "Query–key normalization", .modifier,
            formula: "x / max(|x|, ε), x / rms(x) · g, or LayerNorm(x) · g, for q and k", cost: "O((Q + K)D)",
            use: "Large models and high learning rates: scores cannot grow without bound.",
            source: "Henry et al. 2020; Dehghani et al. 2023, ViT-22B, sec. 2; Qwen3"),
        CatalogueEntry(
            part: "softcap", "Soft cap", .modifier, formula: "s ← cap · tanh(s / cap)", cost: "O(QK)",
            use: "Scores stay within ±cap. Put it before biases.", source: "Gemma Team 2024, Gemma 2, sec. 2"),
        CatalogueEntry(
            part: "bias", "Additive bias", .modifier, formula: "s + bias, −∞ excludes", cost: "O(QK)",
            use: "Whatever you know about the pairs beforehand.", source: "Common practice"),
        CatalogueEntry(
            "t5_bias", "T5 relative position bias", .modifier, formula: "s + relative_bias[bucket(j − p), h]",
            cost: "O(QK)", use: "Relative positions with few parameters; used with the unscaled dot score.",
            source: "Raffel et al. 2020, T5, sec. 2.1", compute: t5Bias),
        CatalogueEntry(
            "alibi", "ALiBi", .modifier, formula: "s − m_h |p − j|", cost: "O(QK)",
            use: "Reads longer texts than it was trained on, without any position embedding.",
            source: "Press, Smith & Lewis 2022, Train Short, Test Long, sec. 3", compute: alibi),
        CatalogueEntry(
            part: "kerple", "KERPLE", .modifier, formula: "s − r₁ ln(1 + r₂|p − j|), or s − r₁ |p − j|^r₂",
            cost: "O(QK)",
            use: "ALiBi with a learned shape.", source: "Chi et al. 2022, KERPLE"),
        CatalogueEntry(
            part: "relative_bias_2d", "2-D relative position bias", .modifier,
            formula: "s + table[(dy + h − 1)(2w − 1) + dx + w − 1, head]", cost: "O(L²)",
            use: "Images and windows of images.", source: "Liu et al. 2021, Swin Transformer, eq. 4"),
        CatalogueEntry(
            part: "forget_gate", "Forget gate", .modifier, formula: "s + Σ_{l=j+1..i} log f_l", cost: "O(QK)",
            use: "A Transformer that learns to forget, as recurrent networks do; needs no positions.",
            source: "Lin et al. 2025, Forgetting Transformer"),
        CatalogueEntry(
            part: "shaw", "Relative position representations", .modifier,
            formula: "s = q · (k + a^K_r) scale, o = Σ w (v + a^V_r), r = clamp(j − p, −c, c)",
            cost: "O(QK + (Q + c)D)",
            use: "Relative positions that change what is read, too; the first of their kind.",
            source: "Shaw, Uszkoreit & Vaswani 2018, eq. 3–4"),
    ]

    /// `inverse_frequencies` and `multiplier` of the scaled frequencies; or attention, if there are queries.
    private static func rotaryScaling(_ request: Request) throws -> Outputs {
        guard request.options.contains("rotary_dim") else { return try CoreAttention.compute(request) }
        let found = try request.options.rotaryFrequencies(standardSize: 0)
        return [
            "inverse_frequencies": .real(try Tensor(found.angles.map(Float.init), shape: [found.angles.count])),
            "multiplier": .real(try Tensor([Float(found.multiplier)], shape: [1])),
        ]
    }

    /// `slopes` of so many heads; or attention, if there are queries.
    private static func alibi(_ request: Request) throws -> Outputs {
        guard request.options.contains("heads") else { return try CoreAttention.compute(request) }
        let count = try request.options.size("heads")
        guard count <= 1 << 20 else {
            throw CatalogueError.unfitOption("heads of alibi", expected: "at most 2²⁰", found: "\(count)")
        }
        let slopes = AlibiModifier.slopes(headCount: count)
        return ["slopes": .real(try Tensor(slopes.map(Float.init), shape: [slopes.count]))]
    }

    /// The buckets of relative positions, `buckets_0` … for each row of `table`; or attention, if there are queries.
    private static func t5Bias(_ request: Request) throws -> Outputs {
        guard request.options.contains("table") else { return try CoreAttention.compute(request) }
        let relative = try request.integers("relative")
        var outputs: Outputs = [:]
        for (index, row) in try request.options.tables("table").enumerated() {
            let buckets = try row.relativeBuckets()
            outputs["buckets_\(index)"] = .integers(relative.values.map(buckets.bucket), shape: relative.shape)
        }
        return outputs
    }
}
