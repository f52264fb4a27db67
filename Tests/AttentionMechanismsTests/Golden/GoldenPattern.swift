import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

/// A golden case of scopes and modifiers, over the scores and the normalizer that all of them share.
struct GoldenPattern {
    private let golden: GoldenCase
    private let mechanism: AttentionMechanism
    private let leaves: [String: Tensor]
    private let lengths: [Int]?
    private let offset: Int
    private let keyOffset: Int

    /// - Throws: `UnknownOption` if a part is unknown.
    init(_ golden: GoldenCase) throws {
        self.golden = golden
        var leaves: [String: Tensor] = [:]
        for name in golden.expectedNames where name.hasPrefix("grad.") {
            let leaf = String(name.dropFirst("grad.".count))
            leaves[leaf] = try golden.tensor(leaf).tracked()
        }
        self.leaves = leaves
        let (scopes, modifiers) = (
            golden.options["scopes"]?.list ?? [], golden.options["modifiers"]?.list ?? []
        )
        var mechanism = AttentionMechanism()
        mechanism.score = try Self.score(golden.options["score"] ?? .fields([:]), leaves)
        if let normalizer = golden.options["normalizer"], normalizer.names != ["kind"] || normalizer.kind != "softmax" {
            throw UnknownOption(description: "normalizer \(normalizer.kind)")
        }
        mechanism.modifiers = try modifiers.map { try $0.modifier(leaves) }
        let parts = try scopes.filter { $0.kind != "padding" }.map { try $0.scope(in: golden) }
        mechanism.scope = parts.count == 1 ? parts[0] : IntersectionScope(scopes: parts)
        self.mechanism = mechanism
        lengths = scopes.contains { $0.kind == "padding" } ? try golden.integers("key_lengths") : nil
        offset = (scopes + modifiers).compactMap { ($0["offset"] ?? $0["query_offset"])?.integer }.max() ?? 0
        keyOffset = modifiers.compactMap { $0["key_offset"]?.integer }.max() ?? 0
    }

    private static func score(_ options: OptionValue, _ leaves: [String: Tensor]) throws -> any Score {
        func parameter(_ name: String) throws -> Tensor { try #require(leaves[name]) }
        return switch options.kind {
        case "dot": DotScore.dot
        case "scaled_dot":
            options["scale"]?.number.map { ScaledDotScore.scaledDot(scale: Float($0)) } ?? ScaledDotScore.scaledDot
        case "general": GeneralScore(weight: try parameter("weight"))
        case "concat":
            ConcatScore(
                weight: try parameter("weight"), vector: try parameter("vector"),
                querySize: try parameter("query").shape[-1])
        case "additive":
            AdditiveScore(
                queryWeight: try parameter("weight_query"), keyWeight: try parameter("weight_key"),
                vector: try parameter("vector"), hiddenBias: leaves["hidden_bias"])
        default: throw UnknownOption(description: "score \(options.kind)")
        }
    }

    /// Runs the mechanism both ways and compares outputs, weights and gradients.
    func check() throws {
        let query = try #require(leaves["query"])
        let memory = try mechanism.remember(
            keys: try #require(leaves["key"]), values: try #require(leaves["value"]), lengths: lengths,
            offset: keyOffset)
        let alignment = try mechanism.align(query, memory, offset: offset)
        let unasked: Set = ["scores", "logits", "lse"]
        for context in [alignment.context, try mechanism.attend(query, memory, offset: offset)] {
            try golden.check(
                outputs: ["output": context, "weights": alignment.weights], leaves: leaves, missing: unasked)
        }
    }
}
