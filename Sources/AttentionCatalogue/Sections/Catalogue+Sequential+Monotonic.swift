import AttentionMechanisms
import AttentionTensors

extension Catalogue {
    static let monotonicFamily = [
        CatalogueEntry(
            "monotonic_soft", "Monotonic attention, in expectation", .sequential,
            formula: "p = σ(e), q_ij = (1 − p_i,j−1) q_i,j−1 + a_i−1,j, a_ij = p_ij q_ij",
            cost: "O(QK) time", use: "Training of models that shall later read their input online.",
            source: "Raffel, Luong, Liu, Weiss & Eck 2017, Online and Linear-Time Attention by Enforcing Monotonic "
                + "Alignments, eq. 9, 11-14"
        ) { request in
            let (energy, memory) = try request.energies("energy")
            return try .alignment(MonotonicNormalizer.monotonic.align(scores: energy, memory))
        },
        CatalogueEntry(
            "monotonic_hard", "Monotonic attention, hard", .sequential,
            formula: "step i takes the first j from the last choice on with e_ij > 0",
            cost: "O(Q + K) choices", use: "Reading online: each step looks at one place, and never back.",
            source: "Raffel, Luong, Liu, Weiss & Eck 2017, Online and Linear-Time Attention by Enforcing Monotonic "
                + "Alignments, algorithm 1"
        ) { request in
            let (energy, memory) = try request.energies("energy")
            let alignment = try HardMonotonicNormalizer.hardMonotonic.align(scores: energy, memory)
            var outputs = try Outputs.alignment(alignment)
            outputs["index"] = alignment.weights.choices()
            return outputs
        },
        CatalogueEntry(
            "mocha", "Monotonic chunkwise attention (MoChA, MILk)", .sequential,
            formula:
                "b_ij = Σ_{k=j}^{j+w−1} a_ik exp(u_ij) / Σ_{l=k−w+1}^{k} exp(u_il), a monotonic; w = −1: from the start",
            cost: "O(QKw) time", use: "Reading online with a soft look at the last w places.",
            source: "Chiu & Raffel 2018, Monotonic Chunkwise Attention, sec. 2.3-2.4; Arivazhagan et al. 2019, "
                + "Monotonic Infinite Lookback Attention"
        ) { request in
            let (energy, memory) = try request.energies("energy")
            let monotonic = try MonotonicNormalizer.monotonic.align(scores: energy, memory).weights
            let width = try request.options.integer("width")
            let weights = try chunkwiseWeights(
                monotonic: monotonic, chunkEnergy: try request.energies("chunk_energy").scores,
                width: width == -1 ? nil : width, lengths: memory.lengths)
            return try .alignment(memory.read(weights), ["monotonic_weights": monotonic])
        },
        CatalogueEntry(
            "forward_attention", "Forward attention", .sequential,
            formula: "a_i(j) ∝ (a_i−1(j) + a_i−1(j − 1)) softmax(e_i)_j",
            cost: "O(QK) time", use: "Speech synthesis: alignments that stay or advance by one.",
            source: "Zhang, Ling & Dai 2018, Forward Attention in Sequence-to-Sequence Acoustic Modeling, algorithm 1"
        ) { request in
            let (energy, memory) = try request.energies("energy")
            return try .alignment(ForwardNormalizer.forward.align(scores: energy, memory))
        },
    ]
}

extension Request {
    /// Scores [B, Q, K], given as they are, and the values they share out, both with one head.
    fileprivate func energies(_ name: String) throws -> (scores: Tensor, memory: Memory) {
        let values = try headless("value")
        let memory = try AttentionMechanism().remember(
            keys: values, values: values, lengths: try lengths("key_lengths"))
        return (try headless(name), memory)
    }
}

extension Tensor {
    /// The key that each query [B, 1, Q] chose, −1 if none.
    fileprivate func choices() -> OutputTensor {
        let (batch, queries, keys) = (shape[0], shape[2], shape[3])
        let values = values
        let indices = (0..<batch * queries).map { row in
            values[row * keys..<(row + 1) * keys].firstIndex(of: 1).map { $0 - row * keys } ?? -1
        }
        return .integers(indices, shape: [batch, queries])
    }
}
