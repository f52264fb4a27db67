extension AttentionMechanism {
    /// Attention that only points: what is said of it.
    public static let pointerNetwork = MechanismDescriptor(
        "pointer_network", "Pointer network", .sequential,
        formula: "p_i = softmax_j(v · tanh(W q_i + U k_j)): the weights are the output",
        cost: "O(QKA) time", use: "Answers that are places of the input: sorting, hulls, tours, copying.",
        source: "Vinyals, Fortunato & Jaitly 2015, Pointer Networks, eq. 3",
        example: Example {
            ["query": .real($0.states), "key": .real($0.states)] + $0.network
        }
    ) { request in
        let mechanism = AttentionMechanism(score: try AdditiveScore(of: request))
        let memory = try request.memory(for: mechanism, values: "key")
        return try .reading(mechanism.alignSequence(request.headless("query"), memory))
    }
}
