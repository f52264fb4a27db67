import AttentionTensors

extension Catalogue {
    static let structuredExamples: [String: Example] = [
        "linear_chain": Example(draws: "marginals") {
            ["unary": .real(try $0.states.sliced(axis: 2, 0..<6))] + $0.parameters(["transition": [6, 6]])
        },
        "segmentation_crf": Example { $0.sequence + ["transition": .real(try Tensor([2, 0, 0, 2], shape: [2, 2]))] },
        "nonprojective_dependency": Example(draws: "marginals") { try $0.arcs() },
        "projective_dependency": Example(draws: "marginals") { try $0.arcs() },
    ]

    static let sequentialExamples: [String: Example] = [
        "location_sensitive": Example(["state": .text("previous")]) { material in
            material.sequence + material.network
                + material.parameters(["filters": [4, 1, 3], "weight_location": [16, 4], "hidden_bias": [16]])
                + ["initial_weights": .real(try material.firstPlace())]
        },
        "local_p": Example(["half_width": .number(3), "score": .fields(["kind": .text("dot")])]) {
            ["query": .real($0.states * 0.1), "key": .real($0.states), "value": .real($0.states)]
                + $0.parameters(["weight_position": [16, $0.size], "vector_position": [16]])
        },
        "coverage": Example {
            $0.sequence + $0.network
                + ["weight_coverage": .real(Tensor.ones([16]) * -1), "hidden_bias": .real(.zeros([16]))]
        },
        "pointer_generator": Example(["extra": .number(0)], draws: "distribution") { material in
            let (length, count) = (material.length, material.length)
            return ["weights": .real(try material.energies().softmax())]
                + [
                    "context": .real(material.states), "state": .real(material.states), "input": .real(material.states),
                    "vocabulary_logits": .real(try material.states.sliced(axis: 2, 0..<count)),
                    "source_ids": .integers(Array(0..<length), shape: [1, length]),
                ]
                + material.parameters([
                    "weight_context": [material.size], "weight_state": [material.size], "weight_input": [material.size],
                    "bias": [1],
                ])
        },
        "pointer_network": Example {
            ["query": .real($0.states), "key": .real($0.states)] + $0.network
        },
        "monotonic_soft": Example { try $0.energetic() },
        "monotonic_hard": Example { try $0.energetic() },
        "mocha": Example(["width": .number(3)]) { try $0.energetic() + ["chunk_energy": .real(try $0.energies())] },
        "forward_attention": Example { try $0.energetic() },
        "gaussian_mixture": Example(["origin": .number(0)]) { material in
            ["query": .real(material.states * 0.05), "value": .real(material.states)]
                + [
                    "initial_position": .real(Tensor.ones([1, 2]) * -1),
                    "weight": .real(material.parameter("weight", [6, material.size])), "bias": .real(.zeros([6])),
                ]
        },
        "ntm_addressing": Example(["epsilon": .number(1e-8)]) { material in
            let third = try Tensor([0.1, 0.8, 0.1], shape: [1, 3])
            return [
                "key": .real(try material.states.at(min(3, material.length - 1), axis: 1)),
                "memory": .real(material.states),
                "strength": .real(Tensor.ones([1]) * 5), "gate": .real(Tensor.ones([1]) * 0.9),
                "sharpness": .real(Tensor.ones([1]) * 2), "shift": .real(third),
                "previous_weights": .real(try material.firstPlace()),
            ]
        },
        "attentional_vector": Example {
            $0.sequence
                + $0.parameters(["weight": [$0.size, $0.size], "weight_combine": [$0.size, 2 * $0.size]])
        },
        "bahdanau_decoder": Example { material in
            let size = material.size
            return ["inputs": .real(material.states), "key": .real(material.states), "value": .real(material.states)]
                + material.network
                + material.parameters([
                    "weight_ih": [3 * size, 2 * size], "weight_hh": [3 * size, size], "bias_ih": [3 * size],
                    "bias_hh": [3 * size], "initial_state": [1, size],
                ])
        },
    ]
}

extension ExampleMaterial {
    /// The network of an additive score with 16 hidden units.
    var network: Outputs { parameters(["weight_query": [16, size], "weight_key": [16, size], "vector": [16]]) }

    /// All on the first word, [1, L].
    fileprivate func firstPlace() throws(ShapeError) -> Tensor {
        try Tensor((0..<length).map { $0 == 0 ? 1 : 0 }, shape: [1, length])
    }

    /// Energies of stopping that favour the diagonal, and values.
    fileprivate func energetic() throws(ShapeError) -> Outputs {
        ["energy": .real(try energies() + unitRows() * 4 - 1), "value": .real(states)]
    }

    /// Scores of heads and modifiers, of roots, and values.
    fileprivate func arcs() throws(ShapeError) -> Outputs {
        [
            "arc": .real(try energies()), "root": .real(try states.sliced(axis: 2, 0..<1).squeezed(axis: 2)),
            "value": .real(states),
        ]
    }
}
