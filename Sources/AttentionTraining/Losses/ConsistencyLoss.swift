public import AttentionTensors

/// How far two predictions of one thing are apart: ½ (KL(p‖q) + KL(q‖p)) = ½ Σ (p − q)(ln p − ln q).
///
/// Dropout makes two networks of one. That both are to say the same holds a model back from learning its training data by heart. *Source:* Wu et al. 2021,
/// *R-Drop: Regularized Dropout for Neural Networks*, eq. 2.
/// - Parameters:
///   - logits: of the first, [N, C].
///   - others: of the second, [N, C].
/// - Returns: [N]
/// - Throws: `ShapeError` if the shapes do not fit.
public func consistencyLoss(_ logits: Tensor, _ others: Tensor) throws(ShapeError) -> Tensor {
    guard logits.shape.rank == 2, others.shape == logits.shape else {
        throw ShapeError(
            "consistencyLoss", expected: "two times logits [N, C]", found: "\(logits.shape) and \(others.shape)")
    }
    let (first, second) = (try logits.logSoftmax(), try others.logSoftmax())
    return try ((first.exponential() - second.exponential()) * (first - second)).sum(axis: 1) * 0.5
}
