import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionVariants

extension Catalogue {
    static let heads: [CatalogueEntry] = [
        CatalogueEntry(
            "multi_head", "Multi-head attention", .heads,
            formula: "concat(head_1 … head_H) W_O, head_h = softmax(q W_h^Q (k W_h^K)ᵀ / √D) v W_h^V",
            cost: "O(Q K E + (Q + K) E²) time, O(H Q K) memory for the weights",
            use: """
                The standard layer: several small attentions see more than one large one of the same cost. Parameters are those of \
                torch.nn.MultiheadAttention.
                """,
            source: "Vaswani et al. 2017, Attention Is All You Need, sec. 3.2.2"
        ) { request in
            let layer = try request.multiHeadAttention()
            let memory = try layer.remember(keys: request.tensor("key"), values: request.tensor("value"))
            let (output, weights) = try layer.align(request.tensor("query"), memory)
            return ["output": .real(output), "weights": .real(weights)]
        },
        CatalogueEntry(
            "projected_multi_head", "Multi-head attention with projections of its own", .heads,
            formula: "as multi_head; query head h reads key and value head ⌊h / (H / Hkv)⌋",
            cost: "O(Q K H D) time; a cache of 2 Hkv D numbers per position",
            use:
                "The layer of Llama and its kin: rotary positions, causal scope, fewer key and value heads than query heads.",
            source: "Vaswani et al. 2017, sec. 3.2.2; Ainslie et al. 2023, GQA"
        ) { request in
            let layer = try request.projectedMultiHeadAttention()
            let memory = try layer.remember(
                keys: request.tensor("key"), values: request.tensor("value"), lengths: request.coreLengths())
            let (output, weights) = try layer.align(request.tensor("query"), memory)
            return ["output": .real(output), "weights": .real(weights)]
        },
        CatalogueEntry(
            "talking_heads", "Talking-heads attention", .heads,
            formula: "logits′ = P_l logits over the heads, weights = P_w softmax(logits′), output_f = weights_f v_f",
            cost: "O(Q K (H D + G H + F G)) time, O(max(H, G, F) Q K) memory",
            use: "When heads should agree before and after they share out attention; costs fused kernels.",
            source: "Shazeer et al. 2020, Talking-Heads Attention, sec. 3"
        ) { request in
            let heads = TalkingHeads(
                logitsWeight: try request.tensor("weight_logits"), weightsWeight: try request.tensor("weight_weights"),
                scope: try request.causalScope())
            let (context, weights) = try heads.align(
                request.tensor("query"), keys: request.tensor("key"), values: request.tensor("value"))
            return ["output": .real(context), "weights": .real(weights)]
        },
        CatalogueEntry(
            "kv_cache", "Key–value cache", .heads,
            formula: "k = [past_key; key], v = [past_value; value], query i sees j ≤ i + past length",
            cost: "O(Q K D) time for Q new positions instead of O(K² D)",
            use:
                "Decoding step by step: what was computed for earlier positions is kept, and the result is that of one full pass.",
            source: "As in every Transformer decoder; ONNX Attention's past_key and past_value",
            compute: cached),
        CatalogueEntry(
            "encoder_layer", "Transformer encoder layer", .heads,
            formula: "x ← LN(x + attention(x)), x ← LN(x + W₂ f(W₁ x)), or with the norm before each branch",
            cost: "O(K² E + K E²) time",
            use: "Whole sequences that may be seen at once. Parameters are those of torch.nn.TransformerEncoderLayer.",
            source: "Vaswani et al. 2017, sec. 3.1; norm first: Xiong et al. 2020"
        ) { request in
            ["output": .real(try request.encoderLayer()(request.tensor("input")))]
        },
        CatalogueEntry(
            "decoder_layer", "Transformer decoder layer", .heads,
            formula: "as encoder_layer, with causal self-attention and then attention to the memory",
            cost: "O((Q² + Q K) E + (Q + K) E²) time",
            use:
                "Writing one sequence while reading another. Parameters are those of torch.nn.TransformerDecoderLayer.",
            source: "Vaswani et al. 2017, sec. 3.1"
        ) { request in
            let layer = try request.decoderLayer()
            let source = try layer.crossAttention.remember(request.tensor("memory"))
            return ["output": .real(try layer(request.tensor("input"), source: source).output)]
        },
        CatalogueEntry(
            "sinusoidal_positions", "Sinusoidal positions", .heads,
            formula: "PE[p, 2i] = sin(p · base^(−2i / dim)), PE[p, 2i + 1] = cos(the same)",
            cost: "O(length · dim)",
            use: "Tells positions apart without parameters, also beyond the lengths seen in training.",
            source: "Vaswani et al. 2017, sec. 3.5"
        ) { request in
            let (length, size) = (try request.options.integer("length"), try request.options.integer("dim"))
            let positions = SinusoidalPositions(base: try request.options.number("base", default: 10_000))
            return ["output": .real(try positions.table(count: length, size: size))]
        },
        CatalogueEntry(
            "worked_example", "The worked example of four words", .heads,
            formula: "Q = x W_Q, K = x W_K, V = x W_V, softmax(Q Kᵀ / √D) V",
            cost: "O(L² D)",
            use: "To follow every number by hand once.",
            source: "The four-word example of attention tutorials; Vaswani et al. 2017, eq. 1",
            compute: workedExample),
    ]

    private static func cached(_ request: Request) throws -> Outputs {
        let mechanism = AttentionMechanism(scope: .causal)
        let past = try request.tensor("past_key")
        let present = try mechanism.remember(
            keys: concatenated([past, request.tensor("key")], axis: 2),
            values: concatenated([request.tensor("past_value"), request.tensor("value")], axis: 2))
        let alignment = try mechanism.align(
            request.tensor("query"), present, positions: .from(past.shape.rank == 4 ? past.shape[2] : 0))
        return [
            "output": .real(alignment.context), "weights": .real(alignment.weights),
            "present_key": .real(present.keys), "present_value": .real(present.values),
        ]
    }

    private static func workedExample(_ request: Request) throws -> Outputs {
        let words = try request.tensor("words")
        let query = try matmul(words, request.tensor("W_Q"))
        let keys = try matmul(words, request.tensor("W_K"))
        let values = try matmul(words, request.tensor("W_V"))
        func asHead(_ x: Tensor) -> Tensor { x.unsqueezed(axis: 0).unsqueezed(axis: 0) }
        let mechanism = AttentionMechanism()
        let alignment = try mechanism.align(
            asHead(query), mechanism.remember(keys: asHead(keys), values: asHead(values)))
        return [
            "query": .real(query), "key": .real(keys), "value": .real(values),
            "scores": .real(try matmul(query, keys.transposed())),
            "weights": .real(try alignment.weights.at(0).at(0)), "output": .real(try alignment.context.at(0).at(0)),
        ]
    }
}
