import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

private let scopes: Set = [
    "padding", "key_mask", "mask", "causal", "prefix", "sliding_window", "local_m", "dilated", "strided", "fixed",
    "longformer", "block_sparse", "big_bird", "streaming", "chunked", "log_sparse", "segment", "axial", "swin",
    "neighborhood", "lsh",
]
private let modifiers: Set = [
    "rope", "rope_scaling", "qk_norm", "softcap", "bias", "t5_bias", "alibi", "kerple", "relative_bias_2d",
    "forget_gate",
]

@Suite struct GoldenPatternTests {
    @Test(arguments: GoldenCaseLocation.all(of: scopes)) func scope(_ location: GoldenCaseLocation) throws {
        try GoldenMechanism(GoldenCase(location)).check()
    }

    @Test(arguments: GoldenCaseLocation.all(of: modifiers)) func modifier(_ location: GoldenCaseLocation) throws {
        try GoldenMechanism(GoldenCase(location)).check()
    }

    @Test(arguments: GoldenCaseLocation.all(of: ["combination", "combined", "gqa", "mqa"]))
    func combination(_ location: GoldenCaseLocation) throws {
        try GoldenMechanism(GoldenCase(location)).check()
    }

    @Test(arguments: GoldenCaseLocation.all(of: ["kv_cache"])) func cache(_ location: GoldenCaseLocation) throws {
        let golden = try GoldenCase(location)
        var leaves: [String: Tensor] = [:]
        for name in ["query", "key", "value", "past_key", "past_value"] {
            leaves[name] = try golden.tensor(name).tracked()
        }
        func leaf(_ name: String) throws -> Tensor { try #require(leaves[name]) }
        let mechanism = AttentionMechanism(scope: .causal)
        let past = try mechanism.remember(keys: leaf("past_key"), values: leaf("past_value"))
        let memory = try past.appending(
            mechanism.remember(keys: leaf("key"), values: leaf("value"), offset: past.keyCount))
        let alignment = try mechanism.align(leaf("query"), memory, offset: past.keyCount)
        for context in [alignment.context, try mechanism.attend(leaf("query"), memory, offset: past.keyCount)] {
            try golden.check(
                outputs: [
                    "output": context, "weights": alignment.weights, "present_key": memory.keys,
                    "present_value": memory.values,
                ], leaves: leaves)
        }
    }

    @Test(arguments: GoldenCaseLocation.all(of: ["rope_frequencies"]))
    func frequencies(_ location: GoldenCaseLocation) throws {
        let golden = try GoldenCase(location)
        let found = try golden.options.rotaryFrequencies(standardSize: 0)
        try golden.check(
            outputs: [
                "inverse_frequencies": Tensor(found.angles.map { Float($0) }, shape: [found.angles.count]),
                "multiplier": Tensor([Float(found.multiplier)], shape: [1]),
            ], leaves: [:])
    }

    @Test(arguments: GoldenCaseLocation.all(of: ["alibi_slopes"])) func slopes(_ location: GoldenCaseLocation) throws {
        let golden = try GoldenCase(location)
        let slopes = AlibiModifier.slopes(headCount: try golden.options.count("heads"))
        try golden.check(
            outputs: ["slopes": Tensor(slopes.map { Float($0) }, shape: [slopes.count])], leaves: [:])
    }

    @Test(arguments: GoldenCaseLocation.all(of: ["t5_bucket"])) func buckets(_ location: GoldenCaseLocation) throws {
        let golden = try GoldenCase(location)
        let relative = try golden.integers("relative")
        let table = golden.options["table"]?.list ?? []
        #expect(!table.isEmpty)
        for (index, row) in table.enumerated() {
            let buckets = try row.relativeBuckets()
            #expect(relative.map(buckets.bucket) == (try golden.integers("expected.buckets_\(index)")))
        }
    }

    @Test func everyFamilyHasACase() {
        let families = scopes.union(modifiers)
        let found = GoldenCaseLocation.all(of: families).map { String($0.name.prefix { $0 != "-" }) }
        #expect(families.subtracting(found) == [])
    }
}
