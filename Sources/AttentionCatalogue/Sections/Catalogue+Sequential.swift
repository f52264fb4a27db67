import AttentionLayers
import AttentionMechanisms
import AttentionTensors

extension Catalogue {
    static let sequential = alignmentHistory + pointers + monotonicFamily + windows + recurrentDecoders

    private static let alignmentHistory = [
        CatalogueEntry(
            "location_sensitive", "Location-sensitive attention", .sequential,
            formula: "f = filters ∗ earlier weights, e_j = v · tanh(W q + V k_j + U f_j + b), w = softmax(β e)",
            cost: "O(QK (A + F r)) time, O(K A) memory a step",
            use: "Long inputs with many similar places, read once from start to end: speech recognition and synthesis.",
            source: "Chorowski et al. 2015, Attention-Based Models for Speech Recognition, eq. 8-9, sec. 2.3; "
                + "Shen et al. 2018, Tacotron 2"
        ) { request in
            let mechanism = try request.locationSensitive()
            let memory = try request.memory(for: mechanism)
            let first = try request.stepState("initial_weights").map(LocationSensitiveAttention.State.init)
            return try .alignment(mechanism.alignSequence(request.headless("query"), memory, from: first))
        },
        CatalogueEntry(
            "coverage", "Coverage attention", .sequential,
            formula: "c_i = Σ_t<i w_t, e_j = v · tanh(W q + V k_j + c_ij w_c + b), loss_i = Σ_j min(w_ij, c_ij)",
            cost: "O(QKA) time", use: "Against repetition and omission in summaries and translations.",
            source: "See, Liu & Manning 2017, Get To The Point, eq. 10-12"
        ) { request in
            let mechanism = CoverageAttention(
                score: try request.additiveScore(bias: "hidden_bias"),
                coverageWeight: try request.tensor("weight_coverage"))
            let memory = try request.memory(for: mechanism)
            let alignment = try mechanism.alignSequence(request.headless("query"), memory)
            let coverage = try CoverageAttention.coverage(of: alignment.weights)
            let loss = try CoverageAttention.loss(weights: alignment.weights, coverage: coverage)
            return try .alignment(alignment, ["coverage": coverage, "coverage_loss": loss])
        },
    ]

    private static let pointers = [
        CatalogueEntry(
            "pointer_network", "Pointer network", .sequential,
            formula: "p_i = softmax_j(v · tanh(W q_i + U k_j)): the weights are the output",
            cost: "O(QKA) time", use: "Answers that are places of the input: sorting, hulls, tours, copying.",
            source: "Vinyals, Fortunato & Jaitly 2015, Pointer Networks, eq. 3"
        ) { request in
            let mechanism = AttentionMechanism(score: try request.additiveScore())
            let memory = try request.memory(for: mechanism, values: "key")
            return try .alignment(mechanism.align(request.headless("query"), memory))
        },
        CatalogueEntry(
            "pointer_generator", "Pointer-generator", .sequential,
            formula:
                "g = σ(w_c · context + w_s · state + w_x · input + b), p = g softmax(logits) + (1 − g) copied weights",
            cost: "O(Q (V + K)) time",
            use: "Writing from a vocabulary with the freedom to copy rare words from the source.",
            source: "See, Liu & Manning 2017, Get To The Point, eq. 8-9"
        ) { request in
            let generator = PointerGenerator(
                contextWeight: try request.tensor("weight_context"), stateWeight: try request.tensor("weight_state"),
                inputWeight: try request.tensor("weight_input"), bias: try request.tensor("bias"))
            let probability = try generator.generationProbability(
                PointerGenerator.Step(
                    context: try request.tensor("context"), state: try request.tensor("state"),
                    input: try request.tensor("input")))
            let distribution = try PointerGenerator.distribution(
                probability: probability, vocabularyLogits: try request.tensor("vocabulary_logits"),
                weights: try request.tensor("weights"), sourceIDs: try request.integers("source_ids").values,
                extra: try request.options.integer("extra", default: 0))
            return ["generation_probability": .real(probability), "distribution": .real(distribution)]
        },
    ]

    private static let windows = [
        CatalogueEntry(
            "local_p", "Local attention, predictive (local-p)", .sequential,
            formula: "p = S σ(v_p · tanh(W_p q)), w_s = softmax over |s − p| ≤ D, times exp(−(s − p)² / 2 (D/2)²)",
            cost: "O(QK) time here; O(QD) with a gather",
            use: "Translation, where a query is about one place it can guess.",
            source: "Luong, Pham & Manning 2015, Effective Approaches to Attention-based NMT, eq. 9-10"
        ) { request in
            let mechanism = try request.predictiveLocal()
            let memory = try request.memory(for: mechanism)
            let (alignment, positions) = try mechanism.align(request.headless("query"), memory)
            return try .alignment(alignment, ["positions": positions])
        },
        CatalogueEntry(
            "gaussian_mixture", "Gaussian mixture window", .sequential,
            formula: "κ_i = κ_i−1 + exp(k), w_ij = Σ_m exp(a_m) exp(−exp(b_m) (κ_m − u_j)²)",
            cost: "O(QKM) time",
            use: "Handwriting and speech synthesis: a window that only moves forward, whatever the keys say.",
            source: "Graves 2013, Generating Sequences with Recurrent Neural Networks, eq. 46-51"
        ) { request in try request.gaussianMixture() },
        CatalogueEntry(
            "ntm_addressing", "Neural Turing Machine addressing", .sequential,
            formula: "content softmax(β cos) → interpolation with the weights before → circular shift → sharpening",
            cost: "O(N (D + r)) time",
            use: "A head over an external memory that is found by content or walked through.",
            source: "Graves, Wayne & Danihelka 2014, Neural Turing Machines, eq. 5-9"
        ) { request in
            let address = MemoryAddressing(
                key: try request.tensor("key"), strength: try request.tensor("strength"),
                gate: try request.tensor("gate"), shift: try request.tensor("shift"),
                sharpness: try request.tensor("sharpness"),
                epsilon: Float(try request.options.number("epsilon", default: 1e-8)))
            let (output, weights, content) = try address.read(
                try request.tensor("memory"), previous: try request.tensor("previous_weights"))
            return ["output": .real(output), "weights": .real(weights), "content_weights": .real(content)]
        },
    ]

    private static let recurrentDecoders = [
        CatalogueEntry(
            "attentional_vector", "Luong's attentional vector", .sequential,
            formula: "h̃ = tanh(W_c [c; h]), c by general attention with the query h",
            cost: "O(QK D) time", use: "The readout of a recurrent decoder that moves before it looks.",
            source: "Luong, Pham & Manning 2015, Effective Approaches to Attention-based NMT, eq. 5"
        ) { request in
            let mechanism = AttentionMechanism(score: GeneralScore(weight: try request.tensor("weight")))
            let (query, memory) = (try request.headless("query"), try request.memory(for: mechanism))
            let alignment = try mechanism.align(query, memory)
            let layer = AttentionalVector(combineWeight: try request.tensor("weight_combine"))
            let output = try layer(context: alignment.context, query: query)
            return [
                "output": .real(try output.squeezed(axis: 1)),
                "weights": .real(try alignment.weights.squeezed(axis: 1)),
                "context": .real(try alignment.context.squeezed(axis: 1)),
            ]
        },
        CatalogueEntry(
            "bahdanau_decoder", "Bahdanau's decoder", .sequential,
            formula: "c_i by additive attention with s_i−1, s_i = GRU([y_i; c_i], s_i−1)",
            cost: "O(QKA) time, one step after the other",
            use: "The first attention: translation with a recurrent network.",
            source:
                "Bahdanau, Cho & Bengio 2015, Neural Machine Translation by Jointly Learning to Align and Translate, "
                + "sec. A.1.2, eq. 5-6"
        ) { request in
            let mechanism = AttentionMechanism(score: try request.additiveScore())
            let decoder = AttendingRecurrence(
                mechanism: mechanism,
                cell: GRUCell(
                    input: Linear(weight: try request.tensor("weight_ih"), bias: try request.tensor("bias_ih")),
                    hidden: Linear(weight: try request.tensor("weight_hh"), bias: try request.tensor("bias_hh"))))
            let trace = try decoder(
                try request.tensor("inputs"), try request.memory(for: mechanism),
                from: RecurrentState(hidden: try request.tensor("initial_state")))
            return ["output": .real(trace.states), "weights": .real(trace.weights), "context": .real(trace.contexts)]
        },
    ]
}
