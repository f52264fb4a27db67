public import AttentionTensors

/// How far a student's heads compare otherwise than its teacher's: the mean of (A^S − A^T)² over heads and visible pairs, A being scores before they become shares.
///
/// Shares of a normalizer say little of where it is sure; scores have slopes everywhere. *Source:* Jiao et al. 2020, *TinyBERT: Distilling BERT for Natural Language
/// Understanding*, eq. 7; that a student learns from where its teacher looks: Zagoruyko & Komodakis 2017, *Paying More Attention to Attention*.
/// - Parameters:
///   - scores: A^S, [B, H, Q, K].
///   - teacher: A^T of the same shape, a constant.
///   - visible: which pairs count, a mask that can be repeated to [B, H, Q, K]; nil for all.
/// - Returns: a scalar; 0 where no pair counts.
/// - Throws: `ShapeError` if the shapes do not fit.
public func attentionTransferLoss(
    _ scores: Tensor, teacher: Tensor, visible: Mask? = nil
) throws(ShapeError) -> Tensor {
    guard scores.shape.rank == 4, teacher.shape == scores.shape else {
        throw ShapeError(
            "attentionTransferLoss", expected: "two times scores [B, H, Q, K]",
            found: "\(scores.shape) and \(teacher.shape)")
    }
    let apart = scores - teacher.detached()
    guard let visible else { return (apart * apart).mean() }
    let counted = try visible.expanded(to: scores.shape).bytes
    let count = counted.reduce(0) { $0 + Int($1) }
    let factors = try Tensor(counted.map(Float.init), shape: scores.shape)
    return (apart * apart * factors).sum() / Float(max(1, count))
}
