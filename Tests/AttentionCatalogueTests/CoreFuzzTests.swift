import AttentionCatalogue
import AttentionMechanisms
import AttentionOperators
import AttentionTensors
import Testing

/// Whatever the shapes and the options are: a computation gives outputs or an error with a sentence, and never traps.
@Suite struct CoreFuzzTests {
    private let names = [
        "query", "key", "value", "weight", "query_bias", "score_bias", "vector", "weight_query", "weight_key",
        "hidden_bias",
        "gain", "sink", "length_scale", "bias", "relative_bias", "relative_key", "relative_value", "relative_table",
        "rate",
        "spread", "log_forget", "gain_query", "gain_key", "gumbel", "uniform", "reward", "baseline", "rotations",
    ]
    private let masks = ["key_mask", "mask", "global_mask", "block_mask", "keep"]
    private let lengths = [
        "key_lengths", "query_lengths", "prefix_lengths", "segment_query", "segment_key", "relative",
    ]
    private let numbers = [
        "scale", "sigma", "epsilon", "offset", "left", "right", "half_width", "dilation", "stride", "summary", "window",
        "block_query", "block_key", "window_blocks", "global_first", "global_last", "random_blocks", "seed", "sinks",
        "chunk", "height", "width", "shift", "kernel", "rotary_dim", "base", "query_offset", "key_offset", "cap",
        "buckets", "max_distance", "clip", "temperature", "alpha", "power", "k", "iterations",
    ]
    private let words = [
        "layout": ["half", "interleaved"], "norm": ["l2", "rms", "layer"], "variant": ["log", "power"],
        "part": ["local", "strided", "union", "summary"], "axis": ["row", "column", "cross"],
        "alignment": ["bottom_right", "top_left"],
    ]

    @Test(arguments: 0..<40) func neverTraps(seed: Int) throws {
        var generator = RandomKey(seed: UInt64(seed)).generator()
        for entry in Catalogue.complete.entries where [.score, .scope, .modifier, .normalizer].contains(entry.family) {
            let tensors = try tensors(&generator)
            let options = try options(for: entry, &generator)
            let specification = Specification(mechanism: entry.name, options: options)
            do {
                let outputs = try specification.compute(tensors, withGradients: false, in: .complete)
                #expect(!outputs.isEmpty)
            } catch {
                #expect("\(error)".contains("expected"), "\(error)")
            }
        }
    }

    private func tensors(_ generator: inout RandomGenerator) throws -> SafetensorsFile {
        let size = [Int](0..<5).map { _ in Int.random(in: 0...4, using: &generator) }
        // Shapes that fit, most of the time: batch, heads, queries, keys, features.
        let fitting: [String: Shape] = [
            "query": [size[0], size[1], size[2], size[4]], "key": [size[0], size[1], size[3], size[4]],
            "value": [size[0], size[1], size[3], 2],
        ]
        func shape(_ name: String) -> Shape {
            if let shape = fitting[name], Int.random(in: 0..<8, using: &generator) > 0 { return shape }
            let rank = Int.random(in: 0...4, using: &generator)
            return Shape(
                (0..<rank).map { _ in
                    Bool.random(using: &generator)
                        ? size.randomElement(using: &generator) ?? 1 : Int.random(in: 0...3, using: &generator)
                })
        }
        var entries = names.map { name in
            Safetensors.Entry(name, Tensor.uniform(shape(name), in: -1...1, key: RandomKey(seed: generator.next())))
        }
        for name in masks {
            let shape = shape(name)
            entries.append(
                Safetensors.Entry(
                    name, try Mask((0..<shape.elementCount).map { _ in Bool.random(using: &generator) }, shape: shape)))
        }
        for name in lengths {
            let shape: Shape = Bool.random(using: &generator) ? [size[0]] : shape(name)
            entries.append(
                try Safetensors.Entry(
                    name, (0..<shape.elementCount).map { _ in Int.random(in: -1...5, using: &generator) }, shape: shape)
            )
        }
        return try SafetensorsFile(Safetensors.encoded(entries), source: "fuzz")
    }

    private func options(
        for entry: MechanismDescriptor, _ generator: inout RandomGenerator
    ) throws -> [String: OptionValue] {
        func part(_ kind: String) throws -> OptionValue {
            let known = try Set(Catalogue.complete.entry(named: kind).options.map(\.name))
            var fields: [String: OptionValue] = ["kind": .text(kind)]
            for name in numbers where known.contains(name) {
                let wild: [Double] = [-1e18, -3, -1, 0, 0.5, 1, 1e9, 9_223_372_036_854_774_784]
                let tame: [Double] = [1, 2, 3, 4]
                let choice = Int.random(in: 0..<10, using: &generator)
                fields[name] = .number((choice == 0 ? wild : tame).randomElement(using: &generator) ?? 1)
            }
            for (name, choices) in words where known.contains(name) {
                fields[name] = choices.randomElement(using: &generator).map(OptionValue.text)
            }
            if known.contains("bidirectional") {
                fields["bidirectional"] = .truth(Bool.random(using: &generator))
            }
            // What takes time in proportion to its value stays small.
            for name in ["iterations", "power"] where known.contains(name) { fields[name] = .number(2) }
            return .fields(fields)
        }
        var options: [String: OptionValue] = [:]
        switch entry.family {
        case .score: options["score"] = try part(entry.name)
        case .scope: options["scopes"] = .list([try part(entry.name), try part("mask")])
        case .modifier: options["modifiers"] = .list([try part(entry.name == "rope_scaling" ? "rope" : entry.name)])
        default: if !["hard_sample", "dropout"].contains(entry.name) { options["normalizer"] = try part(entry.name) }
        }
        if entry.name == "dropout" { options["dropout"] = .number(Double(Float.random(in: -1...2, using: &generator))) }
        return options
    }
}
