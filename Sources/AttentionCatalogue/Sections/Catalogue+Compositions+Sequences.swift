import AttentionLayers
import AttentionTensors
import AttentionVariants

extension Catalogue {
    /// Sentences and documents read as vectors.
    static let sequenceCompositions: [CatalogueEntry] = [
        CatalogueEntry(
            "self_attentive", "Self-attentive embedding", .composition,
            formula: "A = softmax(W₂ tanh(W₁ Hᵀ)); M = A H; penalty = ‖A Aᵀ − I‖²",
            cost: "O(L D A + r L D) time, for r views",
            use: "A sentence as several vectors, each looking at another part of it; the penalty keeps them apart.",
            source: "Lin et al. 2017, A Structured Self-attentive Sentence Embedding, eq. 6–8"
        ) { request in
            let embedding = SelfAttentiveEmbedding(
                weight1: try request.tensor("weight1"), weight2: try request.tensor("weight2"))
            let result = try embedding(try request.tensor("input"), lengths: try request.lengths("lengths"))
            return [
                "output": .real(result.output), "weights": .real(result.weights),
                "penalty": .real(try result.penalty()),
            ]
        },
        CatalogueEntry(
            "hierarchical", "Hierarchical attention", .composition,
            formula:
                "per level: u = tanh(W h + b), α = softmax(u · c), Σ α h; words to sentences, sentences to the document",
            cost: "O(S W D A) time, for S sentences of W words",
            use: "Documents: which sentences decide, and which words in them.",
            source: "Yang et al. 2016, Hierarchical Attention Networks for Document Classification, eq. 5–10",
            compute: hierarchical),
        CatalogueEntry(
            "feature_wise", "Feature-wise attention", .composition,
            formula:
                "e_ij = W_o activation(W_q q_i + W_k k_j + b) + b_s; w_ijd = softmax_j(e_ijd); y_id = Σ_j w_ijd v_jd",
            cost: "O(Q K A D) time, O(Q K (A + D)) memory",
            use: "Where the features of a word matter in different contexts: each has weights of its own.",
            source: "Shen et al. 2018, DiSAN, sec. 3.1", compute: featureWise),
    ]
}

private func hierarchical(_ request: Request) throws -> Outputs {
    func level(_ name: String) throws -> ContextPooling {
        ContextPooling(
            weight: try request.tensor("\(name).weight"), bias: try request.tensor("\(name).bias"),
            context: try request.tensor("\(name).context"))
    }
    let attention = HierarchicalAttention(word: try level("word"), sentence: try level("sentence"))
    let result = try attention(
        try request.tensor("words"), wordLengths: try request.lengths("word_lengths"))
    return [
        "output": .real(result.output), "word_weights": .real(result.wordWeights),
        "sentence_weights": .real(result.sentenceWeights), "sentences": .real(result.sentences),
    ]
}

private func featureWise(_ request: Request) throws -> Outputs {
    let attention = FeatureWiseAttention(
        queryWeight: try request.tensor("weight_query"), keyWeight: try request.tensor("weight_key"),
        hiddenBias: try request.tensor("hidden_bias"),
        output: Linear(weight: try request.tensor("weight_out"), bias: try request.tensor("score_bias")),
        activation: try request.options.choice("activation", default: .elu))
    let (output, weights) = try attention(
        query: try request.tensor("query"), keys: try request.tensor("key"), values: try request.tensor("value"),
        lengths: try request.lengths("key_lengths"))
    return ["output": .real(output), "weights": .real(weights)]
}
