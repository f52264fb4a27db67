import AttentionTensors

/// An arbitrary image takes the place of the sentence, but where words can be pooled.
extension Catalogue {
    static let visionExamples: [String: Example] = [
        "spatial_soft": Example(["penalty": .number(1)]) {
            ["annotations": .real($0.states), "state": .real($0.states)]
                + $0.parameters([
                    "weight_state": [16, $0.size], "weight_annotation": [16, $0.size], "hidden_bias": [16],
                    "vector": [16], "weight_gate": [$0.size], "bias_gate": [1],
                ])
        },
        "squeeze_excitation": Example {
            ["input": .real($0.image())]
                + $0.parameters(["fc1.weight": [4, 8], "fc1.bias": [4], "fc2.weight": [8, 4], "fc2.bias": [8]])
        },
        "eca": Example { ["input": .real($0.image())] + $0.parameters(["conv.weight": [1, 1, 3]]) },
        "cbam": Example(draws: "spatial_weights") {
            ["input": .real($0.image())]
                + $0.parameters(["fc1.weight": [4, 8], "fc2.weight": [8, 4], "conv.weight": [1, 2, 3, 3]])
        },
        "attention_gate": Example {
            ["input": .real($0.image()), "gate": .real($0.parameter("gate", [1, 4, 6, 6]) * 2)]
                + $0.parameters(["weight_x": [4, 8], "weight_g": [4, 4], "bias_g": [4], "psi": [4], "bias_psi": [1]])
        },
        "non_local": Example(["pairwise": .text("embedded")]) {
            ["input": .real($0.image())] + $0.maps(["theta", "phi", "g"], 4, 8) + $0.maps(["z"], 8, 4)
        },
        "dual_attention": Example(draws: "position") {
            ["input": .real($0.image()), "alpha": .real(.ones([1])), "beta": .real(.ones([1]))]
                + $0.maps(["query", "key"], 4, 8) + $0.maps(["value"], 8, 8)
        },
        "global_context": Example {
            ["input": .real($0.image()), "norm.weight": .real(.ones([4])), "norm.bias": .real(.zeros([4]))]
                + $0.parameters(["attention.weight": [8], "attention.bias": [1]]) + $0.maps(["fc1"], 4, 8)
                + $0.maps(["fc2"], 8, 4)
        },
        "selective_kernel": Example {
            ["branches": .real($0.parameter("branches", [1, 3, 8, 6, 6]) * 2)] + $0.maps(["fc"], 4, 8)
                + $0.parameters(["select.weight": [3, 8, 4]])
        },
        "deformable": Example(["shapes": .list([.list([.number(6), .number(6)])])]) {
            [
                "value": .real($0.parameter("value", [1, 36, 1, 4])),
                "sampling_locations": .real($0.parameter("sampling_locations", [1, 6, 1, 1, 4, 2]).sigmoid()),
                "logits": .real($0.parameter("logits", [1, 6, 1, 4]) * 4),
            ]
        },
        "spatial_transformer": Example(["height": .number(6), "width": .number(6)], draws: "output") {
            [
                "input": .real($0.image(1)),
                "theta": .real(try Tensor([0.5, -0.3, 0.1, 0.3, 0.5, 0], shape: [1, 2, 3])),
            ]
        },
        "draw_read": Example(["patch": .number(5)], draws: "filters_x") {
            [
                "input": .real(try $0.image(1).squeezed(axis: 1)),
                "parameters": .real(try Tensor([0.1, -0.2, -0.5, -0.3, 0], shape: [1, 5])),
            ]
        },
        "attention_pooling": Example(["variant": .text("query")]) {
            ["input": .real($0.states), "query": .real($0.parameter("pooling query", [$0.size]))]
        },
        "attention_pool_2d": Example(["heads": .number(2)]) {
            ["input": .real($0.image())] + $0.parameters(["pos_embed": [37, 8]]) + $0.maps(["qkv"], 24, 8)
                + $0.maps(["proj"], 4, 8)
        },
    ]
}

extension ExampleMaterial {
    /// `NAME.weight` [output, input] and `NAME.bias` [output] for each of these maps.
    func maps(_ names: [String], _ output: Int, _ input: Int) -> Outputs {
        names.reduce(into: [:]) { all, name in
            all["\(name).weight"] = .real(parameter("\(name).weight", [output, input]))
            all["\(name).bias"] = .real(.zeros([output]))
        }
    }
}
