/// P = σ(z) / Σ σ(z): smoother than softmax, since no score counts for more than 1.
///
/// Computed as the softmax of ln σ(z), which stays exact where every σ(z) would vanish. dz = P (dP − Σ P dP) σ(−z).
///
/// *Source:* Chorowski et al. 2015, *Attention-Based Models for Speech Recognition*, sec. 2.3 (smoothing).
public struct NormalizedSigmoidNormalizer: RowNormalizer {
    public func weigh(_ row: inout [Double]) {
        for index in row.indices { row[index] = logLogistic(row[index]) }
        softmaxRow(&row)
    }

    public func pullBack(_ gradient: inout [Double], scores: [Double], weights: [Double]) {
        pullBackSoftmaxRow(&gradient, weights: weights)
        for index in gradient.indices { gradient[index] *= logistic(-scores[index]) }
    }
}

extension Normalizer where Self == NormalizedSigmoidNormalizer {
    /// Logistic functions divided by their sum.
    public static var normalizedSigmoid: NormalizedSigmoidNormalizer { NormalizedSigmoidNormalizer() }
}

extension NormalizedSigmoidNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "normalized_sigmoid", "Normalized sigmoid (smoothing)", .normalizer,
        formula: "P = σ(z) / Σ σ(z)",
        cost: "O(QK)", use: "Many keys deserve attention at once, as the frames of a sound do.",
        source: "Chorowski et al. 2015, Attention-Based Models for Speech Recognition, sec. 2.3",
        options: [.temperature],
        fresh: .plain(NormalizedSigmoidNormalizer.normalizedSigmoid)
    ) { request in try request.tempered(NormalizedSigmoidNormalizer.normalizedSigmoid) }
}
