import AttentionMechanisms
import AttentionTensors
import AttentionVariants

/// The efficient mechanisms on tensors [B, L, D], without an axis of heads.
extension Catalogue {
    static let efficientSequences: [CatalogueEntry] = [attentionFree, rwkv, synthesizer, externalAttention, hopfield]

    private static let attentionFree = CatalogueEntry(
        "aft", "Attention free transformer", .efficient,
        formula: "out_t = σ(q_t) ⊙ Σ_t' exp(k_t' + w_tt') v_t' / Σ_t' exp(k_t' + w_tt')",
        cost: "time O(L² D), O(L D) for the simple variant; memory O(L D)",
        use: "A gate and a learned average in place of heads and dot products.",
        source: "Zhai et al. 2021, An Attention Free Transformer, eq. 2–4"
    ) { request in
        let variant: AttentionFree.Variant =
            switch try request.options.choice("variant", default: AttentionFreeName.full) {
            case .full: .full
            case .simple: .simple
            case .local: .local(window: try request.options.integer("window"))
            }
        let mechanism = AttentionFree(
            positionBias: variant == .simple ? nil : try request.tensor(ifPresent: "position_bias"), variant: variant,
            isCausal: try request.options.truth("causal", default: false))
        let (query, keys) = (try request.tensor("query"), try request.tensor("key"))
        let (values, lengths) = (try request.tensor("value"), try request.lengths("key_lengths"))
        return [
            "output": .real(try mechanism.attend(query: query, keys: keys, values: values, lengths: lengths)),
            "weights": .real(try mechanism.weights(query: query, keys: keys, values: values, lengths: lengths)),
        ]
    }

    private static let rwkv = CatalogueEntry(
        "rwkv", "RWKV's weighted key-value average", .efficient,
        formula:
            "out_t = (Σ_{i<t} e^(−(t−1−i) w + k_i) v_i + e^(u + k_t) v_t) / (the same without v);  w = e^decay, u = bonus",
        cost: "time O(L D), memory O(D)",
        use: "Language models that decode as a recurrent network, channel by channel.",
        source: "Peng et al. 2023, RWKV: Reinventing RNNs for the Transformer Era, eq. 16"
    ) { request in
        let mechanism = WeightedKeyValues(decay: try request.tensor("decay"), bonus: try request.tensor("bonus"))
        let output = try mechanism.attend(keys: request.tensor("key"), values: request.tensor("value"))
        return ["output": .real(output)]
    }

    private static let synthesizer = CatalogueEntry(
        "synthesizer", "Synthesizer", .efficient,
        formula: "out = softmax(S) v;  S = W₂ relu(W₁ q + b₁) + b₂ (dense) or a learned table (random)",
        cost: "time O(L² (A + Dv)), memory O(L²)",
        use: "A test of how much comparing matters: weights come from each token alone, or from nothing.",
        source: "Tay et al. 2021, Synthesizer: Rethinking Self-Attention for Transformer Models, sec. 3"
    ) { request in
        let isCausal = try request.options.truth("causal", default: false)
        let (values, lengths) = (try request.tensor("value"), try request.lengths("key_lengths"))
        let alignment =
            switch try request.options.choice("variant") as SynthesizerName {
            case .dense:
                try DenseSynthesizer(
                    firstWeight: request.tensor("linear1.weight"), firstBias: request.tensor("linear1.bias"),
                    secondWeight: request.tensor("linear2.weight"), secondBias: request.tensor("linear2.bias"),
                    isCausal: isCausal
                ).align(query: request.tensor("query"), values: values, lengths: lengths)
            case .random:
                try RandomSynthesizer(scores: request.tensor("scores_table"), isCausal: isCausal)
                    .align(values: values, lengths: lengths)
            }
        return ["output": .real(alignment.context), "weights": .real(alignment.weights)]
    }

    private static let externalAttention = CatalogueEntry(
        "external_attention", "External attention", .efficient,
        formula: "A = softmax_positions(q M_kᵀ);  out = (A / (ε + Σ_memory A)) M_v",
        cost: "time O(L S D), memory O(L S)",
        use: "Images: S learned memories, shared by all samples, take the place of the other positions.",
        source: "Guo et al. 2021, Beyond Self-Attention: External Attention, eq. 5–9"
    ) { request in
        let mechanism = ExternalAttention(
            memoryKeys: try request.tensor("memory_key"), memoryValues: try request.tensor("memory_value"),
            epsilon: try request.options.number("epsilon", default: 1e-9))
        let alignment = try mechanism.align(query: request.tensor("query"))
        return ["output": .real(alignment.context), "weights": .real(alignment.weights)]
    }

    private static let hopfield = CatalogueEntry(
        "hopfield", "Modern Hopfield network", .efficient,
        formula: "ξ ← softmax(β ξ Xᵀ) X;  energy = −lse(β X ξ)/β + |ξ|²/2 + ln N/β + max|x|²/2",
        cost: "time O(steps · S N D), memory O(S N)",
        use: "Associative memory: retrieves the stored pattern nearest to the state, exponentially many of them.",
        source: "Ramsauer et al. 2021, Hopfield Networks is All You Need, eq. 2–3"
    ) { request in
        let network = HopfieldNetwork(
            inverseTemperature: Float(try request.options.number("beta", default: 1)),
            stepCount: try request.options.integer("steps", default: 1))
        let (states, patterns) = (try request.tensor("query"), try request.tensor("patterns"))
        let lengths = try request.lengths("key_lengths")
        let alignment = try network.retrieve(states, patterns: patterns, lengths: lengths)
        let energy = try network.energy(alignment.context, patterns: patterns, lengths: lengths)
        return ["output": .real(alignment.context), "weights": .real(alignment.weights), "energy": .real(energy)]
    }
}

/// The variants of an attention free layer.
private enum AttentionFreeName: String, CaseIterable { case full, simple, local }

/// The variants of a synthesizer.
private enum SynthesizerName: String, CaseIterable { case dense, random }
