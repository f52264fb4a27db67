import AttentionTensors

extension AttentionMechanism {
    /// Attention of four words, to be followed number by number.
    public static let workedExample = MechanismDescriptor(
        "worked_example", "The worked example of four words", .heads,
        formula: "Q = x W_Q, K = x W_K, V = x W_V, softmax(Q Kᵀ / √D) V",
        cost: "O(L² D)",
        use: "To follow every number by hand once.",
        source: "The four-word example of attention tutorials; Vaswani et al. 2017, eq. 1",
        example: Example { _ in
            [
                "words": .real(try Tensor([1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1], shape: [4, 3])),
                "W_Q": .real(try Tensor([2, 0, 2, 2, 0, 0, 2, 1, 2], shape: [3, 3])),
                "W_K": .real(try Tensor([2, 2, 2, 0, 2, 1, 0, 1, 1], shape: [3, 3])),
                "W_V": .real(try Tensor([1, 1, 0, 0, 1, 1, 0, 0, 0], shape: [3, 3])),
            ]
        }
    ) { request in
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
