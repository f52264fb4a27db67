import AttentionTensors

extension Catalogue {
    static let compositionExamples: [String: Example] = [
        "self_attentive": Example {
            ["input": .real($0.states)] + $0.parameters(["weight1": [16, $0.size], "weight2": [4, 16]])
        },
        "hierarchical": Example(draws: "word_weights") { material in
            // A single word is both sentences.
            let (half, size) = (max(1, material.length / 2), material.size)
            let words = try material.states.at(0).selecting((0..<2 * half).map { min($0, material.length - 1) })
                .reshaped(to: [1, 2, half, size])
            return ["words": .real(words), "word_lengths": .integers([half, half], shape: [1, 2])]
                + material.maps(["word", "sentence"], size, size)
                + material.parameters(["word.context": [size], "sentence.context": [size]])
        },
        "feature_wise": Example(["activation": .text("elu")]) {
            $0.sequence
                + $0.parameters([
                    "weight_query": [16, $0.size], "weight_key": [16, $0.size], "hidden_bias": [16],
                    "weight_out": [$0.size, 16], "score_bias": [$0.size],
                ])
        },
        "co_attention": Example(draws: "weights_first") {
            ["first": .real($0.states), "second": .real($0.states)]
                + $0.parameters([
                    "weight_affinity": [$0.size, $0.size], "weight_first": [16, $0.size],
                    "weight_second": [16, $0.size], "vector_first": [16], "vector_second": [16],
                ])
        },
        "bidaf": Example {
            ["context": .real($0.states), "query": .real($0.states)] + $0.parameters(["weight": [3 * $0.size]])
        },
        "attention_over_attention": Example { ["document": .real($0.states), "query": .real($0.states * 0.1)] },
        "memory_hops": Example { material in
            let memory = try material.states.unsqueezed(axis: 1).expanded(
                to: [1, 3, material.length, material.size])
            return [
                "query": .real(try material.states.at(min(1, material.length - 1), axis: 1) * 0.1),
                "memory_key": .real(memory),
                "memory_value": .real(memory * 0.1),
            ]
        },
        "graph_attention": Example(["version": .number(2), "heads": .number(1)]) { material in
            let length = material.length
            let near = (0..<length * length).map { abs($0 / length - $0 % length) <= 2 }
            return [
                "nodes": .real(try material.states.at(0)),
                "adjacency": .truths(try Mask(near, shape: [length, length])),
            ]
                + material.parameters([
                    "weight_target": [16, material.size], "weight_source": [16, material.size], "attention": [1, 16],
                ])
        },
        "slot_attention": Example(["iterations": .number(3)]) { material in
            let (size, slots) = (material.size, 32)
            let norms = [("norm_input", size), ("norm_slots", slots), ("norm_mlp", slots)]
            return ["inputs": .real(material.states), "slots": .real(material.parameter("slots", [1, 4, slots]) * 5)]
                + norms.reduce(into: Outputs()) { all, norm in
                    all["\(norm.0).weight"] = .real(.ones([norm.1]))
                    all["\(norm.0).bias"] = .real(.zeros([norm.1]))
                }
                + material.parameters([
                    "to_q.weight": [slots, slots], "to_k.weight": [slots, size], "to_v.weight": [slots, size],
                    "gru.weight_ih": [3 * slots, slots], "gru.weight_hh": [3 * slots, slots],
                    "gru.bias_ih": [3 * slots], "gru.bias_hh": [3 * slots],
                ])
                + material.maps(["mlp1", "mlp2"], slots, slots)
        },
    ]
}
