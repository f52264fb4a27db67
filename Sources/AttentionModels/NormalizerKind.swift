import AttentionMechanisms

/// The normalizers that a model's configuration can name.
public enum NormalizerKind: String, Sendable, Codable, CaseIterable {
    /// Exponentials divided by their sum.
    case softmax
    /// Softmax with one added to the denominator (Miller 2023).
    case softmaxOne = "softmax_one"
    /// Softmax with a learned sink per head (OpenAI 2025).
    case softmaxSink = "softmax_sink"
    /// Softmax that stays sharp however many keys there are (Nakanishi 2025).
    case scalableSoftmax = "scalable_softmax"
    /// The projection onto the simplex (Martins & Astudillo 2016).
    case sparsemax
    /// Halfway between softmax and sparsemax (Peters, Niculae & Martins 2019).
    case entmax15
    /// Every key by itself (Ramapuram et al. 2024).
    case sigmoid
    /// The logistic function divided by its sum (Chorowski et al. 2015).
    case normalizedSigmoid = "normalized_sigmoid"
    /// The positive part over the number of keys (Wortsman et al. 2023).
    case relu
    /// From the last key backwards (Tan et al. 2024).
    case stickBreaking = "stick_breaking"
    /// One key takes all.
    case hardmax
    /// Softmax of scores with noise (Jang, Gu & Poole 2017).
    case gumbelSoftmax = "gumbel_softmax"
    /// Rows and columns sum to 1 (Sinkhorn 1964).
    case sinkhorn
    /// Queries compete for each key (Locatello et al. 2020).
    case overQueries = "over_queries"

    /// The normalizer of this name for so many heads.
    /// - Throws: `ConfigurationError` about `setting` for those that a translator cannot be trained or decoded with.
    func makeNormalizer(headCount: Int, setting: String) throws(ConfigurationError) -> any Normalizer {
        switch self {
        case .softmax: SoftmaxNormalizer.softmax
        case .softmaxOne: SoftmaxOneNormalizer.softmaxOne
        case .softmaxSink: SoftmaxSinkNormalizer.softmaxSink(headCount: headCount)
        case .scalableSoftmax: ScalableSoftmaxNormalizer.scalableSoftmax(headCount: headCount)
        case .sparsemax: SparsemaxNormalizer.sparsemax
        case .entmax15: Entmax15Normalizer.entmax15
        case .sigmoid: SigmoidNormalizer.sigmoid(bias: .negativeLogLength)
        case .normalizedSigmoid: NormalizedSigmoidNormalizer.normalizedSigmoid
        case .relu: ReLUNormalizer.relu()
        case .stickBreaking: StickBreakingNormalizer.stickBreaking
        case .hardmax:
            throw ConfigurationError(setting, expected: "one that gradients flow through", found: rawValue)
        case .gumbelSoftmax:
            throw ConfigurationError(setting, expected: "one that needs no noise of its own", found: rawValue)
        case .sinkhorn, .overQueries:
            throw ConfigurationError(
                setting, expected: "one that weighs every query by itself, as a decoder does step by step",
                found: rawValue)
        }
    }
}
