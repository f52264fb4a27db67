import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

/// The mechanism that a golden case describes, its parameters and inputs tracked, ready to run.
struct GoldenMechanism {
    private let golden: GoldenCase
    private let mechanism: AttentionMechanism
    private let leaves: [String: Tensor]
    private let lengths: [Int]?
    private let offset: Int
    private let keyOffset: Int

    /// - Throws: `UnknownOption` if a score, modifier, scope or normalizer is unknown.
    init(_ golden: GoldenCase) throws {
        self.golden = golden
        let differentiated = golden.expectedNames.filter { $0.hasPrefix("grad.") }.map { String($0.dropFirst(5)) }
        var leaves: [String: Tensor] = [:]
        for name in Set(["query", "key", "value"] + golden.parameterNames + differentiated) {
            leaves[name] = try golden.tensor(name).tracked()
        }
        self.leaves = leaves
        let (scopes, modifiers) = (golden.options["scopes"]?.list ?? [], golden.options["modifiers"]?.list ?? [])
        var mechanism = AttentionMechanism()
        mechanism.score = try Self.score(golden.options["score"] ?? .fields([:]), leaves)
        mechanism.modifiers = try modifiers.map { try $0.modifier(leaves) }
        mechanism.normalizer = try Self.normalizer(golden.options["normalizer"] ?? .fields([:]), golden, leaves)
        let parts = try scopes.filter { $0.kind != "padding" }.map { try $0.scope(in: golden) }
        mechanism.scope = parts.count == 1 ? parts[0] : IntersectionScope(scopes: parts)
        self.mechanism = mechanism
        lengths = scopes.contains { $0.kind == "padding" } ? try golden.integers("key_lengths") : nil
        offset = (scopes + modifiers).compactMap { ($0["offset"] ?? $0["query_offset"])?.integer }.max() ?? 0
        keyOffset = modifiers.compactMap { $0["key_offset"]?.integer }.max() ?? 0
    }

    /// Runs the mechanism both ways and compares all that is expected but modified scores and their log-sum-exp, which a mechanism does not return.
    func check() throws {
        let (query, keys) = (try #require(leaves["query"]), try #require(leaves["key"]))
        let values = try #require(leaves["value"])
        let memory = try mechanism.remember(keys: keys, values: values, lengths: lengths, offset: keyOffset)
        let alignment = try mechanism.align(query, memory, offset: offset)
        var outputs = ["output": alignment.context, "weights": alignment.weights]
        if golden.expectedNames.contains("scores"), mechanism.modifiers.isEmpty {
            let groups = query.shape[1] / keys.shape[1]
            let shared = try stacked(Array(repeating: memory.keys, count: groups), axis: 2)  // [B, Hkv, groups, K, D]
            outputs["scores"] = try mechanism.score.compare(
                mechanism.score.transform(query: query),
                shared.reshaped(to: [query.shape[0], query.shape[1]] + memory.keys.shape.dimensions.suffix(2)))
        }
        try golden.check(outputs: outputs, leaves: leaves, missing: ["scores", "logits", "lse"])
        outputs["output"] = try mechanism.attend(query, memory, offset: offset)
        try golden.check(outputs: outputs, leaves: leaves, missing: ["scores", "logits", "lse"])
    }
}

extension GoldenMechanism {
    private static func score(_ options: OptionValue, _ leaves: [String: Tensor]) throws -> any Score {
        func parameter(_ name: String) throws -> Tensor {
            guard let tensor = leaves[name] else { throw UnknownOption(description: "score without \(name)") }
            return tensor
        }
        return switch options.kind {
        case "dot": DotScore.dot
        case "scaled_dot":
            options["scale"]?.number.map { ScaledDotScore.scaledDot(scale: Float($0)) } ?? ScaledDotScore.scaledDot
        case "general": GeneralScore(weight: try parameter("weight"))
        case "biased_general":
            BiasedGeneralScore(weight: try parameter("weight"), queryBias: try parameter("query_bias"))
        case "activated_general":
            ActivatedGeneralScore(weight: try parameter("weight"), scoreBias: try parameter("score_bias"))
        case "concat":
            ConcatScore(
                weight: try parameter("weight"), vector: try parameter("vector"),
                querySize: try parameter("query").shape[-1])
        case "additive":
            AdditiveScore(
                queryWeight: try parameter("weight_query"), keyWeight: try parameter("weight_key"),
                vector: try parameter("vector"), hiddenBias: leaves["hidden_bias"])
        case "normed_additive":
            NormedAdditiveScore(
                queryWeight: try parameter("weight_query"), keyWeight: try parameter("weight_key"),
                vector: try parameter("vector"), gain: try parameter("gain"), hiddenBias: try parameter("hidden_bias"))
        case "location": LocationScore(weight: try parameter("weight"))
        case "cosine":
            CosineScore.cosine(
                scale: Float(options["scale"]?.number ?? 1), epsilon: options["epsilon"]?.number ?? 1e-8)
        case "gaussian_kernel": GaussianKernelScore.gaussianKernel(deviation: Float(options["sigma"]?.number ?? 1))
        default: throw UnknownOption(description: "score \(options.kind)")
        }
    }

    private static func normalizer(
        _ options: OptionValue, _ golden: GoldenCase, _ leaves: [String: Tensor]
    ) throws -> any Normalizer {
        let temperature = Float(options["temperature"]?.number ?? 1)
        if options.kind == "gumbel_softmax" {
            let soft = GumbelSoftmaxNormalizer(noise: try golden.tensor("gumbel"), temperature: temperature)
            return options["hard"]?.isTrue == true ? StraightThroughNormalizer(soft) : soft
        }
        let base = try untempered(options, leaves)
        return temperature == 1 ? base : TemperedNormalizer(base, temperature: temperature)
    }

    private static func untempered(_ options: OptionValue, _ leaves: [String: Tensor]) throws -> any Normalizer {
        switch options.kind {
        case "softmax": SoftmaxNormalizer.softmax
        case "softmax_sink": SoftmaxSinkNormalizer(sink: leaves["sink"] ?? .zeros([1]))
        case "softmax_one": SoftmaxOneNormalizer.softmaxOne
        case "scalable_softmax": ScalableSoftmaxNormalizer(lengthScale: leaves["length_scale"] ?? .zeros([1]))
        case "sparsemax": SparsemaxNormalizer.sparsemax
        case "entmax15": Entmax15Normalizer.entmax15
        case "entmax": EntmaxNormalizer(alpha: options["alpha"]?.number ?? 1)
        case "sigmoid":
            SigmoidNormalizer.sigmoid(
                bias: options["bias"]?.text == "neg_log_length"
                    ? .negativeLogLength : .constant(options["bias"]?.number ?? 0))
        case "normalized_sigmoid": NormalizedSigmoidNormalizer.normalizedSigmoid
        case "relu": ReLUNormalizer(power: options["power"]?.integer ?? 1)
        case "top_k": TopKNormalizer(count: options["k"]?.integer ?? 1)
        case "hardmax": HardmaxNormalizer.hardmax
        case "stick_breaking": StickBreakingNormalizer.stickBreaking
        case "sinkhorn": SinkhornNormalizer(iterations: options["iterations"]?.integer ?? 1)
        case "over_queries": OverQueriesNormalizer(epsilon: options["epsilon"]?.number ?? 0)
        default: throw UnknownOption(description: "normalizer \(options.kind)")
        }
    }
}
