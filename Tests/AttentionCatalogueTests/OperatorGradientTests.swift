import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import AttentionTestSupport
import FoundationEssentials
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

/// The gradients that `compute` gives are those of finite differences.
@Suite struct OperatorGradientTests {
    private func check(
        _ specification: Specification, output: String, _ tensors: [String: Tensor], others: [Safetensors.Entry] = [],
        step: Float = 1e-2
    ) throws {
        var forward = specification
        forward.expected = [output]
        let shape = try #require(
            try forward.compute(file(tensors, others), withGradients: false, in: .complete)[output]?.tensor?.shape
        )
        let upstream = random(shape, 99)
        let outputs = try specification.compute(
            file(tensors.merging(["upstream.\(output)": upstream]) { first, _ in first }, others), in: .complete)
        func loss(_ tensors: [String: Tensor]) throws -> Double {
            let found = try #require(
                try forward.compute(file(tensors, others), withGradients: false, in: .complete)[output]?.tensor)
            return zip(found.values, upstream.values).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        for (name, tensor) in tensors {
            let gradient = try #require(outputs["grad.\(name)"]?.tensor, "\(name)").values
            let scale = max(1, gradient.map(abs).max() ?? 0)
            for position in stride(from: 0, to: gradient.count, by: max(1, gradient.count / 12)) {
                func shifted(_ delta: Float) throws -> Double {
                    var values = tensor.values
                    values[position] += delta
                    return try loss(tensors.merging([name: Tensor(values, shape: tensor.shape)]) { $1 })
                }
                let numeric = Float((try shifted(step) - shifted(-step)) / Double(2 * step))
                #expect(abs(numeric - gradient[position]) <= 2e-2 * scale, "\(name) at \(position)")
            }
        }
    }

    @Test func attention() throws {
        let spec = try specification(
            """
            {"mechanism": "onnx.Attention", "expected": ["Y", "grad.Q", "grad.K", "grad.V", "grad.attn_mask", "grad.past_key",
             "grad.past_value"], "options": {"opset": 25, "attributes": {"is_causal": 1, "softcap": 2.0, "left_window_size": 3}}}
            """)
        try check(
            spec, output: "Y",
            [
                "Q": random([2, 4, 3, 5], 1), "K": random([2, 2, 4, 5], 2), "V": random([2, 2, 4, 3], 3),
                "past_key": random([2, 2, 2, 5], 4), "past_value": random([2, 2, 2, 3], 5),
                "attn_mask": random([3, 5], 6),
            ])
    }

    @Test func rotaryEmbedding() throws {
        for interleaved in [0, 1] {
            let spec = try specification(
                """
                {"mechanism": "onnx.RotaryEmbedding",
                 "options": {"attributes": {"interleaved": \(interleaved), "rotary_embedding_dim": 4, "num_heads": 2}}}
                """)
            try check(
                spec, output: "Y",
                ["X": random([2, 3, 12], 1), "cos_cache": random([7, 2], 2), "sin_cache": random([7, 2], 3)],
                others: [Safetensors.Entry("position_ids", [0, 3, 6, 1, 1, 2], shape: [2, 3])])
        }
    }

    @Test func softmax() throws {
        for (name, opset, axis) in [("onnx.Softmax", 13, 1), ("onnx.LogSoftmax", 13, 0), ("onnx.LogSoftmax", 11, 1)] {
            let spec = try specification(
                #"{"mechanism": "\#(name)", "options": {"opset": \#(opset), "attributes": {"axis": \#(axis)}}}"#)
            try check(spec, output: "output", ["input": random([2, 3, 4], 1)])
        }
    }

    @Test func olderSoftmaxFlattens() throws {
        let spec = try specification(#"{"mechanism": "onnx.Softmax", "options": {"opset": 11}}"#)
        let found = try #require(
            try spec.compute(file(["input": random([2, 3, 4], 1)]), withGradients: false, in: .complete)["output"]?
                .tensor)
        expectClose(
            try found.reshaped(to: [2, 12]).sum(axis: 1), .ones([2]))
    }

    @Test(arguments: ["alibi", "pairs", "prob", "elementwise"]) func graphs(name: String) throws {
        let package = #filePath.components(separatedBy: "/Tests/")[0]
        var spec = try Specification(contentsOf: package + "/Tests/Fixtures/ONNX/flexattention_graph_\(name).json")
        spec.expected = nil
        let (heads, step): (Int, Float) = name == "pairs" ? (2, 1e-3) : (4, 1e-3)
        try check(
            spec, output: "Y",
            ["Q": random([1, heads, 4, 6], 1), "K": random([1, 2, 5, 6], 2), "V": random([1, 2, 5, 3], 3)], step: step)
    }

    @Test func graphsThatCannotBeRun() throws {
        let tensors = ["Q": random([1, 2, 3, 4], 1), "K": random([1, 2, 5, 4], 2), "V": random([1, 2, 5, 3], 3)]
        func graph(_ nodes: String, inputs: String = #"["s"]"#) -> String {
            """
            {"mechanism": "onnx.FlexAttention", "options": {"attributes": {"score_mod":
             {"inputs": \(inputs), "outputs": ["o"], "initializers": [], "nodes": [\(nodes)]}}}}
            """
        }
        for (json, sentence) in [
            (
                graph(#"{"op": "Tanhs", "inputs": ["s"], "outputs": ["o"]}"#),
                "compute: expected a known operator in a graph, found Tanhs; did you mean Tanh?"
            ),
            (
                graph(#"{"op": "Tanh", "inputs": ["t"], "outputs": ["o"]}"#),
                "compute: expected a known value in score_mod, found t; did you mean s?"
            ),
            (
                graph(#"{"op": "Shape", "inputs": ["s"], "outputs": ["o"]}"#),
                "option output of score_mod: expected numbers, found integers"
            ),
            (
                graph(#"{"op": "ReduceSum", "inputs": ["s"], "outputs": ["o"]}"#),
                "score_mod: expected an output [1, 2, 3, 5], as its input, found [1, 1, 1, 1]"
            ),
            (
                graph(#"{"op": "Add", "inputs": ["s"], "outputs": ["o"]}"#),
                "option inputs of Add: expected at least 2, found 1"
            ),
            (graph("", inputs: "[]"), "option score_mod: expected one input and one output, found 0 and 1"),
        ] {
            let error = try #require(throws: (any Error).self) {
                try specification(json).compute(file(tensors), withGradients: false, in: .complete)
            }
            #expect("\(error)" == sentence)
        }
    }
}
