public import AttentionTensors

/// How wrong what a model writes is to be expected to be, over some candidates of each source: what minimum risk training minimises.
///
///     R_b = Σᵢ Q_bi Δ_bi,   Q_b = softmax(α ln P_b)
///
/// A model that learns to copy the next word of people's sentences never sees its own mistakes; here it is judged by whole sentences that it has written, by any
/// measure, which needs no derivative: ∂R_b/∂ln P_bi = α Q_bi (Δ_bi − R_b), so that what is better than expected becomes likelier. *Source:* Shen et al.
/// 2016, *Minimum Risk Training for Neural Machine Translation*, eqs. 9 and 10.
/// - Parameters:
///   - logProbabilities: ln P of each candidate, [B, S].
///   - risks: Δ, [B, S]: how wrong each candidate is.
///   - sharpness: α: the less, the more alike candidates count.
///   - visible: which of them are candidates; nil for all.
/// - Returns: [B]; 0 for a source without candidates.
/// - Throws: `ShapeError` if the shapes do not fit.
public func expectedRisk(
    _ logProbabilities: Tensor, risks: Tensor, sharpness: Float = 0.005, visible: Mask? = nil
) throws(ShapeError) -> Tensor {
    guard logProbabilities.shape.rank == 2, risks.shape == logProbabilities.shape else {
        throw ShapeError(
            "expectedRisk", expected: "log-probabilities [B, S] and as many risks",
            found: "\(logProbabilities.shape) and \(risks.shape)")
    }
    return try ((logProbabilities * sharpness).softmax(visible: visible) * risks).sum(axis: 1)
}
