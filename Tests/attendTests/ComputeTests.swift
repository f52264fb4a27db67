import Attention
import AttentionCatalogue
import AttentionOperators
import Foundation
import Testing

/// Inputs, a specification and a place for outputs.
private struct Bench {
    let folder: TemporaryFolder
    var inputs: String { folder.path("in.safetensors") }
    var outputs: String { folder.path("out.safetensors") }

    /// A golden case of the fixtures, or tensors of one's own.
    init(_ entries: [Safetensors.Entry] = Bench.tensors) throws {
        folder = try TemporaryFolder()
        try Safetensors.write(entries, to: inputs)
    }

    static let tensors = ["query", "key", "value", "upstream.output"].enumerated().map { index, name in
        Safetensors.Entry(
            name, .uniform([1, 2, 3, 4], in: -1...1, key: RandomKey(seed: UInt64(index))))
    }

    func run(_ spec: String, _ options: String...) throws -> Command {
        let path = try folder.write(spec, to: "spec.json")
        return try Command.run(
            ["compute", "--inputs", inputs, "--spec", path, "--outputs", outputs] + options)
    }

    func results() throws -> SafetensorsFile { try SafetensorsFile(path: outputs) }

    /// Nothing was written, not even a part.
    func isUntouched() throws -> Bool {
        try FileManager.default.contentsOfDirectory(atPath: folder.root).allSatisfy {
            ["in.safetensors", "spec.json"].contains($0)
        }
    }
}

private let fixtures = #filePath.components(separatedBy: "/Tests/")[0] + "/Tests/Fixtures/"

@Suite struct ComputeTests {
    @Test func outputsOfAPlainSpecification() throws {
        let bench = try Bench()
        let command = try bench.run(#"{"mechanism": "scaled_dot"}"#)
        #expect(command.status == 0 && command.errors.isEmpty && command.output.isEmpty, "\(command.errors)")
        #expect(try bench.results().names == ["logits", "lse", "output", "scores", "weights"])
        let withGradients = try bench.run(#"{"mechanism": "scaled_dot"}"#, "--gradients")
        #expect(withGradients.status == 0, "\(withGradients.errors)")
        #expect(
            try bench.results().names.filter { $0.hasPrefix("grad.") } == ["grad.key", "grad.query", "grad.value"])
    }

    @Test(arguments: ["Vectors/scaled_dot-tiny", "Vectors/hard_sample-padded", "Vectors/combination-05"])
    func casesAreSpecifications(name: String) throws {
        let folder = try TemporaryFolder()
        let command = try Command.run(
            "compute", "--inputs", fixtures + name + ".safetensors", "--spec", fixtures + name + ".json", "--outputs",
            folder.path("out"), "--gradients")
        #expect(command.status == 0 && command.errors.isEmpty, "\(command.errors)")
        let (found, expected) = (
            try SafetensorsFile(path: folder.path("out")), try SafetensorsFile(path: fixtures + name + ".safetensors")
        )
        #expect(
            Set(found.names) == Set(expected.names.filter { $0.hasPrefix("expected.") }.map { String($0.dropFirst(9)) })
        )
        for name in found.names {
            #expect(try found.elementType(of: name) == expected.elementType(of: "expected." + name))
            let pairs = zip(
                try found.tensor(named: name).values, try expected.tensor(named: "expected." + name).values)
            #expect(pairs.allSatisfy { abs($0 - $1) <= 1e-4 * (1 + abs($1)) }, "\(name)")
        }
    }

    @Test func operatorsWriteTheirOwnType() throws {
        let name = fixtures + "ONNX/attention_4d_causal_bf16"
        let folder = try TemporaryFolder()
        let command = try Command.run(
            "compute", "--inputs", name + ".safetensors", "--spec", name + ".json", "--outputs", folder.path("out"))
        #expect(command.status == 0 && command.errors.isEmpty, "\(command.errors)")
        let found = try SafetensorsFile(path: folder.path("out"))
        #expect(found.names == ["Y"])
        #expect(try found.elementType(of: "Y") == .bfloat16)
        let expected = try SafetensorsFile(path: name + ".safetensors").tensor(named: "expected.Y")
        #expect(try found.tensor(named: "Y").values == expected.values)
    }

    @Test func onlyWhatIsExpected() throws {
        let bench = try Bench()
        let spec = #"{"mechanism": "scaled_dot", "expected": ["weights", "grad.query"]}"#
        let refused = try bench.run(spec)
        #expect(refused.status != 0 && refused.errors.contains("since grad.query is wanted"))
        #expect(try bench.run(spec, "--gradients").status == 0)
        #expect(try bench.results().names == ["grad.query", "weights"])
    }

    /// The output alone is computed without the weights: 12,000 keys in 200 MB, where these would take 600.
    @Test func theOutputAloneNeedsNoWeights() throws {
        let bench = try Bench(
            ["query", "key", "value"].enumerated().map { index, name in
                Safetensors.Entry(name, .uniform([1, 1, 12_000, 4], in: -1...1, key: RandomKey(seed: UInt64(index))))
            })
        let spec = try bench.folder.write(#"{"mechanism": "scaled_dot", "expected": ["output"]}"#, to: "spec.json")
        let command = try Command.shell(
            #"ulimit -d 400000; exec "$0" "$@""#,
            ["compute", "--inputs", bench.inputs, "--spec", spec, "--outputs", bench.outputs, "--threads", "1"])
        #expect(command.status == 0, "\(command.errors)")
        #expect(try bench.results().names == ["output"])
    }

    @Test func fusedAndUnfusedAreTheSame() throws {
        let bench = try Bench()
        var found: [[[Float]]] = []
        for expected in [
            #"["output", "grad.query", "grad.value"]"#, #"["output", "weights", "grad.query", "grad.value"]"#,
        ] {
            let command = try bench.run(
                #"{"mechanism": "causal", "options": {"scopes": [{"kind": "causal"}]}, "expected": \#(expected)}"#,
                "--gradients")
            #expect(command.status == 0, "\(command.errors)")
            found.append(
                try ["output", "grad.query", "grad.value"].map { try bench.results().tensor(named: $0).values })
        }
        for (first, second) in zip(found[0], found[1]) {
            #expect(zip(first, second).allSatisfy { abs($0 - $1) <= 1e-5 })
        }
    }

    @Test func whatNoMemoryHoldsIsRefused() throws {
        let bench = try Bench(
            ["query", "key", "value"].map { Safetensors.Entry($0, .zeros([1, 1, 300_000, 1])) })
        for mechanism in ["scaled_dot", "sparsemax", "top_k"] {
            let options = mechanism == "top_k" ? #"{"normalizer": {"kind": "top_k", "k": 4}}"# : "{}"
            let command = try bench.run(#"{"mechanism": "\#(mechanism)", "options": \#(options)}"#)
            #expect(command.status == 65)
            #expect(
                command.errors.contains(
                    "found [1, 1, 300000, 300000], which take 1080.0 GB; ask for the output alone"), "\(command.errors)"
            )
            #expect(try bench.isUntouched())
        }
    }

    @Test(arguments: [
        (
            #""softcap", "options": {"modifiers": [{"kind": "softcap", "cap": 1e300}]}"#,
            "a number that float32 holds, found 1e+300"
        ),
        (
            #""cosine", "options": {"score": {"kind": "cosine", "epsilon": -1}}"#,
            "epsilon of cosine: expected a number from 0 up, found -1"
        ),
        (
            #""qk_norm", "options": {"modifiers": [{"kind": "qk_norm", "epsilon": -1}]}"#,
            "expected a number from 0 up, found -1"
        ),
        (
            #""over_queries", "options": {"normalizer": {"kind": "over_queries", "epsilon": -1}}"#,
            "expected a number from 0 up, found -1"
        ),
        (
            #""causal", "options": {"scopes": [{"kind": "causal", "offset": 2147483648}]}"#,
            "offset of causal: expected an integer of −2³⁰ … 2³⁰, found 2147483648"
        ),
        (
            #""scaled_dot", "options": {"score": {"kind": "scaled_dot", "scale": -1e39}}"#,
            "a number that float32 holds, found -1e+39"
        ),
    ])
    func everyNumberHasItsRange(spec: String, sentence: String) throws {
        let bench = try Bench()
        let command = try bench.run(#"{"mechanism": \#(spec)}"#)
        #expect(command.status == 65)
        #expect(command.errors.contains(sentence), "\(command.errors)")
        #expect(try bench.isUntouched())
    }

    @Test func lowerPrecision() throws {
        let bench = try Bench()
        let spec = #"{"mechanism": "scaled_dot", "expected": ["output"]}"#
        var results: [String: [Float]] = [:]
        for precision in ["exact", "float32", "bfloat16"] {
            #expect(try bench.run(spec, "--precision", precision).status == 0)
            results[precision] = try bench.results().tensor(named: "output").values
        }
        let (exact, low) = (try #require(results["exact"]), try #require(results["bfloat16"]))
        #expect(results["float32"] == exact)
        #expect(low != exact)
        let scale = exact.map(abs).max() ?? 0
        #expect(zip(exact, low).allSatisfy { abs($0 - $1) <= 1e-2 * scale })
    }

    @Test func misspeltOptionsAreRefused() throws {
        let bench = try Bench()
        let command = try bench.run(
            #"{"mechanism": "scaled_dot", "options": {"scopes": [{"kind": "causal", "ofset": 1}], "scale": 2}}"#)
        #expect(command.status != 0)
        #expect(command.errors.contains("scaled_dot: expected options it knows, found scale; "))
        let misspelt = try bench.run(#"{"mechanism": "scaled_dot", "option": {}}"#)
        #expect(misspelt.status != 0)
        #expect(misspelt.errors.contains(#"there is no member "option"; did you mean "options"?"#))
    }

    @Test func listOfMechanisms() throws {
        let command = try Command.run("compute", "--list")
        #expect(command.status == 0)
        let names = command.output.split(separator: "\n").compactMap {
            $0.split(separator: "\t").first.map(String.init)
        }
        #expect(names == Catalogue.complete.entries.map(\.name))
        #expect(Set(names).isSuperset(of: ["additive", "sparsemax", "onnx.Attention", "big_bird"]))
    }

    @Test func wrongCommandsAreUsageErrors() throws {
        for arguments in [
            [], ["--inputs", "a"], ["--list", "--precision", "double"], ["--inputs", "a", "--spec", "b"],
        ] {
            #expect(try Command.run(["compute"] + arguments).status == 64)
        }
    }

    @Test(arguments: [
        (
            #"{"mechanism": "scaled_dott"}"#,
            "compute: expected a known mechanism, found scaled_dott; did you mean scaled_dot?"
        ),
        (
            #"{"mechanism": "additive", "options": {"score": {"kind": "additive"}}}"#,
            "additive: expected a tensor weight_query in "
        ),
        (
            #"{"mechanism": "causal", "options": {"scopes": [{"kind": "causl"}]}}"#,
            "expected a known scope, found causl; did you mean causal?"
        ),
        (
            #"{"mechanism": "softcap", "options": {"modifiers": [{"kind": "softcap"}]}}"#,
            "softcap: expected an option cap, found none"
        ),
        (
            #"{"mechanism": "scaled_dot", "expected": ["outputs"]}"#,
            "expected a known output of scaled_dot, found outputs; did you mean output?"
        ),
        (#"{"options": {}}"#, #"expected a member "mechanism", found none"#),
        (#"["scaled_dot"]"#, "expected an object, found an array"),
        (#"{"mechanism": "scaled_dot""#, "expected ',' or '}' in an object at byte 26 of the JSON document"),
        (#"{"mechanism": "scaled_dot", "options": 3}"#, "expected an object at options, found the number 3"),
        (
            #"{"mechanism": "top_k", "options": {"normalizer": {"kind": "top_k", "k": 0}}}"#,
            "option k of top_k: expected an integer from 1 up, found 0"
        ),
    ])
    func whatCannotBeComputedIsRefused(spec: String, sentence: String) throws {
        let bench = try Bench()
        let command = try bench.run(spec, "--gradients")
        #expect(command.status == 65)
        #expect(command.errors.contains(sentence), "\(command.errors)")
        #expect(try bench.isUntouched())
    }

    @Test func wrongTensorsAreRefused() throws {
        let bad: [([Safetensors.Entry], String, String)] = [
            (
                [Safetensors.Entry("value", .zeros([1, 2, 4, 4]))], "{}",
                "Memory: expected keys [B, H, K, D] and values [B, H, K, Dv], found [1, 2, 3, 4] and [1, 2, 4, 4]"
            ),
            (
                [Safetensors.Entry("query", .zeros([3, 4]))], "{}",
                "attend: expected queries [B, H, Q, D], found [3, 4]"
            ),
            (
                [Safetensors.Entry("upstream.output", .zeros([1]))], "{}",
                "tensor upstream.output: expected the shape [1, 2, 3, 4] of the output, found [1]"
            ),
            (
                [Safetensors.Entry("bias", .full(.nan, [3, 3]))], #"{"modifiers": [{"kind": "bias"}]}"#,
                "bias: expected numbers, or −∞ to exclude a pair, found nan at 0"
            ),
            (
                [Safetensors.Entry("mask", try Mask([true, true], shape: [2]))], #"{"scopes": [{"kind": "mask"}]}"#,
                "mask: expected a mask that can be repeated to [1, 2, 3, 3], found [2]"
            ),
        ]
        for (entries, options, sentence) in bad {
            let names = Set(entries.map(\.name))
            let bench = try Bench(Bench.tensors.filter { !names.contains($0.name) } + entries)
            let command = try bench.run(#"{"mechanism": "combination", "options": \#(options)}"#, "--gradients")
            #expect(command.status == 65)
            #expect(command.errors.contains(sentence), "\(command.errors)")
            #expect(try bench.isUntouched())
        }
        let bench = try Bench(Bench.tensors.filter { $0.name != "upstream.output" })
        let command = try bench.run(#"{"mechanism": "scaled_dot"}"#, "--gradients")
        #expect(command.status == 65)
        #expect(command.errors.contains("scaled_dot: expected a tensor upstream.output in "), "\(command.errors)")
    }

    @Test func aFullDiskLeavesNothing() throws {
        let bench = try Bench()
        let spec = try bench.folder.write(#"{"mechanism": "scaled_dot"}"#, to: "spec.json")
        let command = try Command.run("compute", "--inputs", bench.inputs, "--spec", spec, "--outputs", "/dev/full")
        #expect(command.status == 65)
        #expect(command.errors.contains("save: could not write /dev/full"), "\(command.errors)")
        #expect(try bench.isUntouched())
    }
}
