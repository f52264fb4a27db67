import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionVariants

extension Catalogue {
    /// Texts and questions that read each other.
    static let readingCompositions: [CatalogueEntry] = [
        CatalogueEntry(
            "co_attention", "Co-attention", .composition,
            formula:
                "C = tanh(B W_b Aᵀ); H_a = tanh(A W₁ᵀ + Cᵀ B W₂ᵀ), H_b = tanh(B W₂ᵀ + C A W₁ᵀ); softmax(H v) pools each side",
            cost: "O(N M (D + A)) time, O(N M) memory",
            use: "Two sides that explain each other, such as an image and a question about it.",
            source: "Lu et al. 2016, Hierarchical Question-Image Co-Attention, eq. 3–5"
        ) { request in
            let attention = CoAttention(
                affinityWeight: try request.tensor("weight_affinity"),
                firstWeight: try request.tensor("weight_first"), secondWeight: try request.tensor("weight_second"),
                firstVector: try request.tensor("vector_first"), secondVector: try request.tensor("vector_second"))
            let result = try attention(first: try request.tensor("first"), second: try request.tensor("second"))
            return [
                "output_first": .real(result.first), "output_second": .real(result.second),
                "weights_first": .real(result.firstWeights), "weights_second": .real(result.secondWeights),
            ]
        },
        CatalogueEntry(
            "bidaf", "Bidirectional attention flow", .composition,
            formula:
                "S_tj = w · [h_t; u_j; h_t ⊙ u_j]; ũ_t = softmax_j(S) u; h̃ = softmax_t(max_j S) h; G = [h; ũ; h ⊙ ũ; h ⊙ h̃]",
            cost: "O(T J D) time, O(T J) memory",
            use:
                "Reading comprehension: every word of the text learns what the question makes of it, and none is summed away.",
            source: "Seo et al. 2017, Bidirectional Attention Flow for Machine Comprehension, sec. 2"
        ) { request in
            let attention = BidirectionalAttentionFlow(score: TrilinearScore(weight: try request.tensor("weight")))
            let result = try attention(
                context: try request.tensor("context"), query: try request.tensor("query"),
                contextLengths: try request.lengths("context_lengths"),
                queryLengths: try request.lengths("query_lengths"))
            return [
                "output": .real(result.output), "weights": .real(result.weights),
                "context_weights": .real(result.contextWeights),
            ]
        },
        CatalogueEntry(
            "attention_over_attention", "Attention-over-attention", .composition,
            formula:
                "M = document · queryᵀ; weights = softmax over the document · mean over the document of softmax over the query",
            cost: "O(L J D) time, O(L J) memory",
            use: "Cloze questions, whose answer is a word of the text: the weights are the answer.",
            source: "Cui et al. 2017, Attention-over-Attention Neural Networks for Reading Comprehension, sec. 3"
        ) { request in
            let weights = try attentionOverAttention(
                document: try request.tensor("document"), query: try request.tensor("query"))
            return ["weights": .real(weights)]
        },
        CatalogueEntry(
            "memory_hops", "Memory hops", .composition,
            formula: "for each hop: p = softmax(u · key_i), u ← u + Σ_i p_i value_i",
            cost: "O(hops N D) time",
            use: "Questions whose answer takes several facts, each leading to the next.",
            source: "Sukhbaatar, Szlam, Weston & Fergus 2015, End-To-End Memory Networks, eq. 1–4"
        ) { request in
            let (output, weights) = try MemoryHops()(
                try request.tensor("query"), keys: try request.tensor("memory_key"),
                values: try request.tensor("memory_value"), lengths: try request.lengths("lengths"))
            return ["output": .real(output), "weights": .real(weights)]
        },
    ]
}
