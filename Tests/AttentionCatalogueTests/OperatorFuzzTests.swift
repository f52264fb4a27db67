import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import Testing

/// Whatever an operator is given: outputs or an error with a sentence, never a trap.
@Suite struct OperatorFuzzTests {
    @Test(arguments: 0..<60) func neverTraps(seed: Int) throws {
        var generator = RandomKey(seed: UInt64(seed)).generator()
        for name in Catalogue.complete.entries.filter({ $0.family == .operators }).map(\.name) {
            let tensors = try tensors(&generator)
            let specification = Specification(
                mechanism: name,
                options: [
                    "opset": .number([11, 23, 24, 25].randomElement(using: &generator) ?? 23),
                    "attributes": .fields(attributes(&generator)),
                ])
            do {
                let outputs = try specification.compute(tensors, withGradients: false, in: .complete)
                #expect(!outputs.isEmpty)
            } catch {
                #expect("\(error)".contains("expected"), "\(error)")
            }
        }
    }

    private func attributes(_ generator: inout RandomGenerator) -> [String: OptionValue] {
        var attributes: [String: OptionValue] = [:]
        func sometimes(_ name: String, _ values: [Double]) {
            if Bool.random(using: &generator) {
                attributes[name] = .number(values.randomElement(using: &generator) ?? 0)
            }
        }
        for name in ["q_num_heads", "kv_num_heads", "num_heads"] { sometimes(name, [-1, 0, 1, 2, 2, 2, 1e18]) }
        for name in ["is_causal", "interleaved"] { sometimes(name, [0, 1]) }
        for name in ["left_window_size", "right_window_size"] { sometimes(name, [-2, -1, 0, 1, 1e18]) }
        sometimes("qk_matmul_output_mode", [0, 1, 2, 3, 4])
        sometimes("softmax_precision", [1, 10, 11, 16, 7])
        sometimes("softcap", [-1, 0, 2, 1e300])
        sometimes("scale", [-1, 0, 0.5, 1e300])
        sometimes("axis", [-1e18, -3, -1, 0, 1, 2, 5, 9.2e18])
        sometimes("rotary_embedding_dim", [-2, 0, 1, 2, 4, 1e9])
        if Bool.random(using: &generator) {
            attributes["update_rule"] = .text(
                ["linear", "gated", "delta", "gated_delta"].randomElement(using: &generator) ?? "")
        }
        if Bool.random(using: &generator) { attributes["score_mod"] = graph(&generator) }
        return attributes
    }

    /// A few nodes in a row, each on the last result, its second and third input and its attributes drawn at random.
    private func graph(_ generator: inout RandomGenerator) -> OptionValue {
        let operations = [
            "Abs", "Clip", "Cast", "Add", "Div", "Mod", "Pow", "Max", "Equal", "And", "Not", "Where", "Shape", "Size",
            "ConstantOfShape", "Range", "Reshape", "Unsqueeze", "Squeeze", "Expand", "Transpose", "Gather", "Slice",
            "Concat", "Trilu", "ReduceSum", "ReduceMax", "Softmax", "MatMul", "Constant",
        ]
        let inputs = ["s", "x0", "zero", "many", "axes", "huge", "real", "truth", ""]
        func initializer(_ name: String, _ type: String, _ shape: [Double], _ values: [Double]) -> OptionValue {
            .fields([
                "name": .text(name), "dtype": .text(type), "shape": .list(shape.map(OptionValue.number)),
                "values": .list(values.map(OptionValue.number)),
            ])
        }
        func node(_ index: Int) -> OptionValue {
            let others = (0..<4).map { _ in OptionValue.text(inputs.randomElement(using: &generator) ?? "s") }
            let attributes: [String: OptionValue] = [
                "axis": .number([-1, 0, 1, 7].randomElement(using: &generator) ?? 0),
                "to": .number([1, 6, 7, 9, 8].randomElement(using: &generator) ?? 1),
                "value_int": .number(3), "keepdims": .number(Bool.random(using: &generator) ? 1 : 0),
            ]
            return .fields([
                "op": .text(operations.randomElement(using: &generator) ?? "Abs"),
                "inputs": .list([.text(index == 0 ? "s" : "x\(index - 1)")] + others),
                "outputs": .list([.text("x\(index)")]), "attributes": .fields(attributes),
            ])
        }
        let count = Int.random(in: 1...4, using: &generator)
        return .fields([
            "inputs": .list([.text("s")]), "outputs": .list([.text("x\(count - 1)")]),
            "initializers": .list([
                initializer("zero", "INT64", [], [0]), initializer("many", "INT64", [3], [1, -1, 2]),
                initializer("axes", "INT64", [2], [0, -1]),
                initializer("huge", "INT64", [2], [9_223_372_036_854_774_784, -9_223_372_036_854_774_784]),
                initializer("real", "FLOAT", [1], [0.5]), initializer("truth", "BOOL", [2], [1, 0]),
            ]),
            "nodes": .list((0..<count).map(node)),
        ])
    }

    private func tensors(_ generator: inout RandomGenerator) throws -> SafetensorsFile {
        let isPacked = Bool.random(using: &generator)
        let fitting: Shape = isPacked ? [2, 3, 4] : [2, 2, 3, 4]
        let caches = ["past_key", "past_value", "past_state", "nonpad_kv_seqlen", "attn_mask", "decay", "beta"]
        var entries: [Safetensors.Entry] = []
        for name in ["Q", "K", "V", "X", "input", "query", "key", "value", "cos_cache", "sin_cache"]
            + caches.filter({ $0 != "nonpad_kv_seqlen" })
        {
            if caches.contains(name), Int.random(in: 0..<3, using: &generator) > 0 { continue }
            let rank = Int.random(in: 0...5, using: &generator)
            let random = Shape((0..<rank).map { _ in Int.random(in: 0...4, using: &generator) })
            let shape = Int.random(in: 0..<6, using: &generator) == 0 ? random : fitting
            let precision = Safetensors.Precision.allCases.randomElement(using: &generator) ?? .float32
            entries.append(
                Safetensors.Entry(
                    name, .uniform(shape, in: -1...1, key: RandomKey(seed: generator.next())), as: precision))
        }
        if Bool.random(using: &generator) {
            let lengths = (0..<2).map { _ in Int.random(in: -1...4, using: &generator) }
            entries.append(try Safetensors.Entry("nonpad_kv_seqlen", lengths, shape: [2]))
        }
        if Bool.random(using: &generator) {
            entries.append(try Safetensors.Entry("position_ids", [0, 1, 2, 0, 9, -1], shape: [2, 3]))
        }
        return try SafetensorsFile(Safetensors.encoded(entries), source: "fuzz")
    }
}
