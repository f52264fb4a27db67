import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionVariants

extension Catalogue {
    static let relativeHeads: [CatalogueEntry] = [
        CatalogueEntry(
            "transformer_xl", "Transformer-XL's relative positions", .relativeHeads,
            formula: "s_ij = ((q_i + u) · k_j + (q_i + v) · W_R R_{i−j}) / √D, i counted behind the memory",
            cost: "O(Q K D + (Q + K) E H D) time: Q + K distances serve all pairs",
            use:
                "Long texts read segment by segment: the previous segment's states are a memory, positions are distances.",
            source: "Dai et al. 2019, Transformer-XL, sec. 3.3"
        ) { request in
            let score = TransformerXLScore(
                relativeWeight: try request.tensor("weight_relative"), contentBias: try request.tensor("content_bias"),
                positionBias: try request.tensor("position_bias"))
            let isCausal = try request.options.truth("causal")
            return try request.outputs(
                of: isCausal
                    ? AttentionMechanism(score: score, scope: .causal(alignment: .bottomRight))
                    : AttentionMechanism(score: score))
        },
        CatalogueEntry(
            "disentangled", "Disentangled attention", .relativeHeads,
            formula:
                "s_ij = (q_i · k_j + q_i · K^r_δ(i,j) + k_j · Q^r_δ′) / √(3D), δ(i, j) = clamp(i − j + k, 0, 2k − 1)",
            cost: "O(Q K D) time, three products instead of one",
            use: "Encoders in which what a word is and where it stands ask for each other separately: DeBERTa.",
            source:
                "He, Liu, Gao & Chen 2021, DeBERTa, eq. 2–4; δ′ = δ(j, i) in the paper, δ(i, j) in the released code",
            compute: disentangled),
        CatalogueEntry(
            "differential", "Differential attention", .relativeHeads,
            formula: "w = softmax_2h − λ softmax_2h+1, y = w v / √(mean (w v)² + ε) · (1 − λ_init)",
            cost: "O(Q K D) time for 2H heads",
            use: "Against attention spent on what does not matter: what both maps have in common is taken away.",
            source: "Ye et al. 2024, Differential Transformer, eq. 1–3",
            compute: differential),
        CatalogueEntry(
            "multi_head_latent", "Multi-head latent attention", .relativeHeads,
            formula:
                "keys and values are unfolded from RMSNorm(c^KV), one vector of size R per position; one rotary key for all heads",
            cost: "O(Q K H (R + Dr)) time on the folded cache of R + Dr numbers per position",
            use: "Long contexts: a smaller cache than grouped heads and the expressiveness of as many keys as heads.",
            source: "DeepSeek-AI 2024, DeepSeek-V2, eq. 9–19",
            compute: latent),
        CatalogueEntry(
            "output_gate", "Gated attention output", .relativeHeads,
            formula: "output · σ(W x), per head and feature, x the input of the query",
            cost: "that of the mechanism, and O(Q E H Dv)",
            use: "Lets a head say nothing, so that no key has to serve as a sink; steadier training of large models.",
            source: "Qiu et al. 2025, Gated Attention for Large Language Models"
        ) { request in
            let gate = OutputGate(weight: try request.tensor("gate_proj.weight"))
            let core = try CoreAttention(request)
            let alignment = try core.mechanism.align(core.query, core.memory)
            return [
                "output": .real(try gate(alignment.context, input: request.tensor("input"))),
                "weights": .real(alignment.weights),
            ]
        },
    ]

    private static func disentangled(_ request: Request) throws -> Outputs {
        let relativeKey = try request.tensor("relative_key")
        let slots = relativeKey.shape.rank == 3 ? relativeKey.shape[1] : 0
        let span = try request.options.integer("span", default: slots / 2)
        guard slots % 2 == 0, slots / 2 == span else {
            throw CatalogueError.unfitTensor(
                "relative_key", expected: "two positions for each of a span of \(span): [H, 2 · span, D]",
                found: "\(relativeKey.shape)")
        }
        let score = DisentangledScore(
            relativeKey: relativeKey, relativeQuery: try request.tensor("relative_query"),
            index: try request.options.choice("index"))
        return try request.outputs(of: AttentionMechanism(score: score))
    }

    private static func differential(_ request: Request) throws -> Outputs {
        var attention = DifferentialAttention(
            firstQuery: try request.tensor("lambda_q1"), firstKey: try request.tensor("lambda_k1"),
            secondQuery: try request.tensor("lambda_q2"), secondKey: try request.tensor("lambda_k2"),
            initialShare: Float(try request.options.number("lambda_init")),
            epsilon: Float(try request.options.number("epsilon", default: 1e-5)))
        attention.mechanism.scope = try request.causalScope()
        let memory = try attention.remember(keys: request.tensor("key"), values: request.tensor("value"))
        let (context, weights) = try attention.align(request.tensor("query"), memory)
        return ["output": .real(context), "weights": .real(weights), "lambda": .real(try attention.share())]
    }

    private static func latent(_ request: Request) throws -> Outputs {
        let options = request.options
        let epsilon = Float(try options.number("epsilon", default: 1e-6))
        let attention = try MultiHeadLatentAttention(
            queryDown: request.linear("q_a_proj"),
            queryNorm: RMSNorm(gain: request.tensor("q_a_layernorm.weight"), epsilon: epsilon),
            queryUp: request.linear("q_b_proj"), keyValueDown: request.linear("kv_a_proj_with_mqa"),
            keyValueNorm: RMSNorm(gain: request.tensor("kv_a_layernorm.weight"), epsilon: epsilon),
            keyValueUp: request.tensor("kv_b_proj.weight"), output: request.linear("o_proj"),
            headCount: options.integer("heads"),
            sizes: .init(
                content: options.integer("nope_dim"), position: options.integer("rope_dim"),
                value: options.integer("value_dim")),
            base: options.number("base", default: 10_000))
        let x = try request.tensor("query")
        let (output, weights) = try attention.align(x, attention.remember(x))
        return ["output": .real(output), "weights": .real(weights)]
    }
}

extension Request {
    /// `output` and `weights` of this mechanism for `query`, `key` and `value`.
    fileprivate func outputs(of mechanism: AttentionMechanism) throws -> Outputs {
        let memory = try mechanism.remember(keys: tensor("key"), values: tensor("value"))
        let alignment = try mechanism.align(tensor("query"), memory)
        return ["output": .real(alignment.context), "weights": .real(alignment.weights)]
    }
}
