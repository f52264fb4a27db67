import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionVariants

extension Catalogue {
    /// Vectors read from images.
    static let imageReading: [CatalogueEntry] = [
        CatalogueEntry(
            "spatial_soft", "Spatial soft attention", .vision,
            formula:
                "e_ti = v · tanh(W_h h_t + W_a a_i + b); α_t = softmax_i(e_t); z_t = σ(w · h_t + b_g) Σ_i α_ti a_i; "
                + "penalty = λ Σ_i (1 − Σ_t α_ti)²",
            cost: "O(T L A) time and memory, for T words and L places",
            use:
                "Captions and other texts about an image: each word looks at places, and the penalty sees to it that none is forgotten.",
            source: "Xu et al. 2015, Show, Attend and Tell, eq. 4–6, 13–14", compute: spatialSoft),
        CatalogueEntry(
            "attention_pool_2d", "Attention pooling of an image", .vision,
            formula: "t = [mean; x_1 … x_N] + p; y = W_o attend(q(t_0), k(t), v(t)) + b_o, with several heads",
            cost: "O(N C²) time, O(N C) memory, for N places",
            use:
                "One vector for an image that asks with its own mean, in place of average pooling; CLIP's image encoder ends so.",
            source:
                "Radford et al. 2021, Learning Transferable Visual Models From Natural Language Supervision, sec. 2.4"
        ) { request in
            let pooling = AttentionPool2D(
                positions: try request.tensor("pos_embed"), projection: try request.linear(withBias: "qkv"),
                output: try request.linear(withBias: "proj"), headCount: try request.options.integer("heads"))
            let (output, weights) = try pooling(try request.tensor("input"))
            return ["output": .real(output), "weights": .real(weights)]
        },
    ]
}

private func spatialSoft(_ request: Request) throws -> Outputs {
    let attention = SpatialSoftAttention(
        score: AdditiveScore(
            queryWeight: try request.tensor("weight_state"), keyWeight: try request.tensor("weight_annotation"),
            vector: try request.tensor("vector"), hiddenBias: try request.tensor("hidden_bias")),
        gateWeight: try request.tensor("weight_gate"), gateBias: try request.tensor("bias_gate"))
    let memory = try attention.remember(try request.tensor("annotations"))
    let result = try attention(try request.tensor("state"), memory)
    let penalty = try result.penalty(Float(try request.options.number("penalty", default: 1)))
    return [
        "output": .real(result.output), "weights": .real(result.weights), "gate": .real(result.gate),
        "penalty": .real(penalty),
    ]
}
