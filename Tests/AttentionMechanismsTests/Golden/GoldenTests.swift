import AttentionTestSupport
import Testing

/// The mechanisms whose golden cases this room answers for: files MECHANISM-*.
private let scores: Set = [
    "dot", "scaled_dot", "general", "biased_general", "activated_general", "concat", "additive", "normed_additive",
    "location", "cosine", "gaussian_kernel",
]
private let normalizers: Set = [
    "softmax", "softmax_sink", "softmax_one", "scalable_softmax", "sparsemax", "entmax", "entmax15", "sigmoid",
    "normalized_sigmoid", "relu", "top_k", "hardmax", "stick_breaking", "gumbel_softmax", "sinkhorn", "over_queries",
]

@Suite struct GoldenTests {
    @Test(arguments: GoldenCaseLocation.all(of: scores)) func score(_ location: GoldenCaseLocation) throws {
        try GoldenMechanism(GoldenCase(location)).check()
    }

    @Test(arguments: GoldenCaseLocation.all(of: normalizers)) func normalizer(_ location: GoldenCaseLocation) throws {
        try GoldenMechanism(GoldenCase(location)).check()
    }

    @Test func everyMechanismHasACase() {
        let mechanisms = scores.union(normalizers)
        let found = GoldenCaseLocation.all(of: mechanisms).map { String($0.name.prefix { $0 != "-" }) }
        #expect(mechanisms.subtracting(found) == [])
    }
}
