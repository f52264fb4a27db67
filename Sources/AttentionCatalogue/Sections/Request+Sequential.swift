import AttentionMechanisms
import AttentionTensors

extension Request {
    /// A tensor [B, L, D] with one head, [B, 1, L, D].
    func headless(_ name: String) throws -> Tensor {
        let tensor = try tensor(name)
        guard tensor.shape.rank == 3 else {
            throw CatalogueError.unfitTensor(name, expected: "three axes [B, L, D]", found: "\(tensor.shape)")
        }
        return tensor.unsqueezed(axis: 1)
    }

    /// The state [B, 1, 1, n] before the first step, if a tensor [B, n] of this name says it.
    func stepState(_ name: String) throws -> Tensor? {
        guard let tensor = try tensor(ifPresent: name) else { return nil }
        guard tensor.shape.rank == 2 else {
            throw CatalogueError.unfitTensor(name, expected: "two axes [B, n]", found: "\(tensor.shape)")
        }
        return tensor.unsqueezed(axis: 1).unsqueezed(axis: 1)
    }

    /// `key` and `value` with `key_lengths`, as a mechanism remembers them.
    func memory(for mechanism: some SequentialMechanism, values: String = "value") throws -> Memory {
        try mechanism.remember(
            keys: try headless("key"), values: try headless(values), lengths: try lengths("key_lengths"))
    }

    /// `weight_query`, `weight_key`, `vector` and, if the mechanism has one, the hidden bias.
    func additiveScore(bias: String? = nil) throws -> AdditiveScore {
        AdditiveScore(
            queryWeight: try tensor("weight_query"), keyWeight: try tensor("weight_key"), vector: try tensor("vector"),
            hiddenBias: try bias.map { try tensor($0) })
    }

    func locationSensitive() throws -> LocationSensitiveAttention {
        let normalizer: any Normalizer =
            switch try options.choice("normalizer", default: Smoothing.softmax) {
            case .softmax: SoftmaxNormalizer.softmax
            case .normalizedSigmoid: NormalizedSigmoidNormalizer.normalizedSigmoid
            }
        return LocationSensitiveAttention(
            score: try additiveScore(bias: "hidden_bias"), filters: try tensor("filters"),
            locationWeight: try tensor("weight_location"),
            history: try options.choice("state", default: .previous), normalizer: normalizer,
            sharpening: Float(try options.number("sharpening", default: 1)))
    }

    func predictiveLocal() throws -> PredictiveLocalAttention {
        let score: any Score =
            switch try options.table("score")?.choice("kind", default: LocalScore.dot) ?? .dot {
            case .dot: DotScore.dot
            case .general: GeneralScore(weight: try tensor("weight"))
            }
        return PredictiveLocalAttention(
            score: score, positionWeight: try tensor("weight_position"),
            positionVector: try tensor("vector_position"), halfWidth: try options.number("half_width"))
    }

    func gaussianMixture() throws -> Outputs {
        let mechanism = GaussianMixtureAttention(
            weight: try tensor("weight"), bias: try tensor("bias"),
            origin: try options.number("origin", default: 1))
        let (query, values) = (try headless("query"), try headless("value"))
        let memory = try mechanism.remember(keys: values, values: values, lengths: try lengths("key_lengths"))
        let (alignment, positions) = try mechanism.trace(query, memory, from: try stepState("initial_position"))
        return try .alignment(alignment, ["positions": positions])
    }

    private enum Smoothing: String, CaseIterable {
        case softmax
        case normalizedSigmoid = "normalized_sigmoid"
    }

    private enum LocalScore: String, CaseIterable { case dot, general }
}

extension Outputs {
    /// `output` and `weights` of an alignment with one head, and more, all without the axis of the head.
    static func alignment(_ alignment: Alignment, _ others: [String: Tensor] = [:]) throws -> Outputs {
        let all = others.merging(["output": alignment.context, "weights": alignment.weights]) { $1 }
        return try all.mapValues { .real(try $0.squeezed(axis: 1)) }
    }
}
