import AttentionMechanisms
import AttentionTensors

extension Request {
    /// The score that these options name; scaled dot products if there are none.
    func score(_ options: Options?) throws -> any Score {
        guard let options else { return ScaledDotScore.scaledDot }
        guard let make = Self.scores[try options.text("kind")] else {
            throw CatalogueError.unknown(
                kind: "score", name: try options.text("kind"), known: Self.scores.keys.sorted())
        }
        return try make(self, options)
    }

    private typealias ScoreMaker = @Sendable (Request, Options) throws -> any Score

    private static let scores: [String: ScoreMaker] = [
        "dot": { _, _ in DotScore.dot },
        "scaled_dot": { _, options in
            options.contains("scale")
                ? ScaledDotScore.scaledDot(scale: Float(try options.number("scale"))) : ScaledDotScore.scaledDot
        },
        "general": { request, _ in GeneralScore(weight: try request.tensor("weight")) },
        "biased_general": { request, _ in
            BiasedGeneralScore(weight: try request.tensor("weight"), queryBias: try request.tensor("query_bias"))
        },
        "activated_general": { request, _ in
            ActivatedGeneralScore(weight: try request.tensor("weight"), scoreBias: try request.tensor("score_bias"))
        },
        "concat": { request, _ in
            let query = try request.tensor("query")
            return ConcatScore(
                weight: try request.tensor("weight"), vector: try request.tensor("vector"),
                querySize: query.shape.dimensions.last ?? 0)
        },
        "additive": { request, _ in
            AdditiveScore(
                queryWeight: try request.tensor("weight_query"), keyWeight: try request.tensor("weight_key"),
                vector: try request.tensor("vector"), hiddenBias: try request.tensor(ifPresent: "hidden_bias"))
        },
        "normed_additive": { request, _ in
            NormedAdditiveScore(
                queryWeight: try request.tensor("weight_query"), keyWeight: try request.tensor("weight_key"),
                vector: try request.tensor("vector"), gain: try request.tensor("gain"),
                hiddenBias: try request.tensor(ifPresent: "hidden_bias"))
        },
        "location": { request, _ in LocationScore(weight: try request.tensor("weight")) },
        "cosine": { _, options in
            CosineScore.cosine(
                scale: Float(try options.number("scale", default: 1)),
                epsilon: try options.number("epsilon", default: 1e-8))
        },
        "gaussian_kernel": { _, options in
            let deviation = try options.positive("sigma", default: 1)
            return GaussianKernelScore.gaussianKernel(deviation: Float(deviation))
        },
    ]
}
