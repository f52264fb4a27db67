import AttentionMechanisms
import AttentionTensors

extension Request {
    /// The normalizer that these options name, at their `temperature`; softmax if there are none.
    func normalizer(_ options: Options?) throws -> any Normalizer {
        guard let options else { return SoftmaxNormalizer.softmax }
        let (kind, temperature) = (try options.text("kind"), Float(try options.positive("temperature", default: 1)))
        if kind == "gumbel_softmax" {
            let soft = GumbelSoftmaxNormalizer(noise: try constant("gumbel"), temperature: temperature)
            return try options.truth("hard", default: false) ? StraightThroughNormalizer(soft) : soft
        }
        guard let make = Self.normalizers[kind] else {
            throw CatalogueError.unknown(
                kind: "normalizer", name: kind, known: (Self.normalizers.keys + ["gumbel_softmax"]).sorted())
        }
        let base = try make(self, options)
        return temperature == 1 ? base : TemperedNormalizer(base, temperature: temperature)
    }

    private typealias NormalizerMaker = @Sendable (Request, Options) throws -> any Normalizer

    private static let normalizers: [String: NormalizerMaker] = [
        "softmax": { _, _ in SoftmaxNormalizer.softmax },
        "softmax_sink": { request, _ in SoftmaxSinkNormalizer(sink: try request.tensor("sink")) },
        "softmax_one": { _, _ in SoftmaxOneNormalizer.softmaxOne },
        "scalable_softmax": { request, _ in
            ScalableSoftmaxNormalizer(lengthScale: try request.tensor("length_scale"))
        },
        "sparsemax": { _, _ in SparsemaxNormalizer.sparsemax },
        "entmax15": { _, _ in Entmax15Normalizer.entmax15 },
        "entmax": { _, options in
            EntmaxNormalizer(alpha: try options.number("alpha", from: 1))
        },
        "sigmoid": { _, options in SigmoidNormalizer.sigmoid(bias: try options.sigmoidBias()) },
        "normalized_sigmoid": { _, _ in NormalizedSigmoidNormalizer.normalizedSigmoid },
        "relu": { _, options in ReLUNormalizer(power: try options.integer("power", default: 1, from: 1)) },
        "top_k": { _, options in TopKNormalizer(count: try options.integer("k", from: 1)) },
        "hardmax": { _, _ in HardmaxNormalizer.hardmax },
        "stick_breaking": { _, _ in StickBreakingNormalizer.stickBreaking },
        "sinkhorn": { _, options in
            SinkhornNormalizer(iterations: try options.integer("iterations", from: 1))
        },
        "over_queries": { _, options in
            OverQueriesNormalizer(epsilon: try options.number("epsilon", default: 0, from: 0))
        },
    ]
}

extension Options {
    /// A number, or "neg_log_length".
    fileprivate func sigmoidBias() throws -> SigmoidNormalizer.Bias {
        guard case .text(let text) = value("bias") else { return .constant(try number("bias", default: 0)) }
        guard text == "neg_log_length" else {
            throw CatalogueError.unknown(kind: "bias of sigmoid", name: text, known: ["neg_log_length"])
        }
        return .negativeLogLength
    }
}
