import AttentionMechanisms
import AttentionTensors

/// The mechanisms that a model's configuration can name: scores, which leave scope and normalizer open, and mechanisms that go through the
/// source step by step.
///
/// Not every model takes every one; `validate()` of its configuration says which not, and why.
public enum AttentionKind: String, Sendable, Codable, CaseIterable {
    /// Not at all: one context vector of fixed length stands for the whole source (Cho et al. 2014).
    case none
    /// v · tanh(W q + U k) (Bahdanau, Cho & Bengio 2015).
    case additive
    /// The additive score with a vector of learned length (Salimans & Kingma 2016).
    case normedAdditive = "normed_additive"
    /// v · tanh(W [q; k]) (Luong, Pham & Manning 2015).
    case concat
    /// q · k (Luong, Pham & Manning 2015).
    case dot
    /// q · k / √D (Vaswani et al. 2017).
    case scaledDot = "scaled_dot"
    /// cos(q, k) (Graves, Wayne & Danihelka 2014).
    case cosine
    /// −|q − k|² / 2 (Nadaraya 1964; Watson 1964).
    case gaussianKernel = "gaussian_kernel"
    /// qᵀ W k (Luong, Pham & Manning 2015).
    case general
    /// k · (W q + b) (Sordoni et al. 2016).
    case biasedGeneral = "biased_general"
    /// tanh(qᵀ W k + b) (Ma et al. 2017).
    case activatedGeneral = "activated_general"
    /// W q: the query alone says where to look (Luong, Pham & Manning 2015).
    case location
    /// `LocationSensitiveAttention` (Chorowski et al. 2015).
    case locationSensitive = "location_sensitive"
    /// `CoverageAttention` (See, Liu & Manning 2017).
    case coverage
    /// `MonotonicAttention`, in expectation (Raffel et al. 2017).
    case monotonicSoft = "monotonic_soft"
    /// `MonotonicAttention`, hard (Raffel et al. 2017).
    case monotonicHard = "monotonic_hard"
    /// `ChunkwiseAttention` (Chiu & Raffel 2018).
    case mocha
    /// `MonotonicAttention` that stays or advances by one (Zhang, Ling & Dai 2018).
    case forward = "forward_attention"
    /// `GaussianMixtureAttention` (Graves 2013).
    case gaussianMixture = "gaussian_mixture"
}

extension AttentionKind {
    /// Whether this is a score, so that scope and normalizer can be chosen beside it.
    var isScore: Bool {
        switch self {
        case .additive, .normedAdditive, .concat, .dot, .scaledDot, .cosine, .gaussianKernel, .general, .biasedGeneral,
            .activatedGeneral, .location:
            true
        case .none, .locationSensitive, .coverage, .monotonicSoft, .monotonicHard, .mocha, .forward, .gaussianMixture:
            false
        }
    }

    /// Whether queries and keys are compared as they are, and so must be of one size.
    var needsEqualSizes: Bool { [.dot, .scaledDot, .cosine, .gaussianKernel].contains(self) }

    /// The score of this name with parameters drawn from `key`; the additive one, with a hidden layer as large as the query, for those
    /// that are none.
    func makeScore(querySize: Int, keySize: Int, key: RandomKey) -> any Score {
        switch self {
        case .dot: DotScore.dot
        case .scaledDot: ScaledDotScore.scaledDot
        case .cosine: CosineScore.cosine()
        case .gaussianKernel: GaussianKernelScore.gaussianKernel()
        case .general: GeneralScore.general(querySize: querySize, keySize: keySize, key: key)
        case .biasedGeneral: BiasedGeneralScore.biasedGeneral(querySize: querySize, keySize: keySize, key: key)
        case .activatedGeneral:
            ActivatedGeneralScore.activatedGeneral(querySize: querySize, keySize: keySize, key: key)
        case .concat: ConcatScore.concat(querySize: querySize, keySize: keySize, hiddenSize: querySize, key: key)
        case .normedAdditive:
            NormedAdditiveScore.normedAdditive(
                querySize: querySize, keySize: keySize, hiddenSize: querySize, key: key)
        case .none, .additive, .location, .locationSensitive, .coverage, .monotonicSoft, .monotonicHard, .mocha,
            .forward, .gaussianMixture:
            AdditiveScore.additive(querySize: querySize, keySize: keySize, hiddenSize: querySize, key: key)
        }
    }
}
