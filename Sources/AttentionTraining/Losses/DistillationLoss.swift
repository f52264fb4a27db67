public import AttentionTensors

/// How far a student's predictions are from those of its teacher, of which the likeliest classes are known and what is left is spread evenly over the others:
/// a cross-entropy between two distributions.
///
///     L_n = −Σ_c q_nc ln softmax(x_n / T)_c,   q_nc = p_ni for the i-th kept class c, (1 − Σᵢ p_ni) / (C − k) for the C − k others
///
/// T softens what the student says as it has softened what the teacher said; gradients are 1/T² of what they were, so that a loss beside it is to be weighed with
/// T² L. *Source:* Kim & Rush 2016, *Sequence-Level Knowledge Distillation*, sec. 3.1; Hinton, Vinyals & Dean 2015, *Distilling the Knowledge in a Neural
/// Network*, sec. 2.
/// - Parameters:
///   - logits: x, [N, C].
///   - classes: the kept classes of each row, N · k row-major, each once a row.
///   - probabilities: p, [N, k]: the teacher's, a constant. Rows that add up to more than 1 by rounding leave nothing for the others.
///   - temperature: T, above 0.
/// - Returns: [N]
/// - Throws: `ShapeError` if the shapes, a class or the temperature do not fit.
public func distillationLoss(
    _ logits: Tensor, classes: [Int], probabilities: Tensor, temperature: Float = 1
) throws(ShapeError) -> Tensor {
    guard logits.shape.rank == 2, probabilities.shape.rank == 2, probabilities.shape[0] == logits.shape[0],
        probabilities.shape[1] <= logits.shape[1], classes.count == probabilities.shape.elementCount
    else {
        throw ShapeError(
            "distillationLoss", expected: "logits [N, C], and probabilities [N, k] of as many classes",
            found: "\(logits.shape), \(probabilities.shape) and \(classes.count) classes")
    }
    guard temperature > 0, temperature.isFinite else {
        throw ShapeError("distillationLoss", expected: "a temperature above 0", found: "\(temperature)")
    }
    let (rows, width, kept) = (logits.shape[0], logits.shape[1], probabilities.shape[1])
    if let outside = classes.first(where: { !(0..<width).contains($0) }) {
        throw ShapeError("distillationLoss", expected: "classes below \(width)", found: "\(outside)")
    }
    let known = probabilities.detached()
    let share = width > kept ? 1 / Float(width - kept) : 0
    let left = try (1 - known.sum(axis: 1)).relu() * share  // [N]
    let shares = try (logits / temperature).logSoftmax()
    let places = classes.enumerated().map { $0 / max(1, kept) * width + $1 }
    let ofKept = shares.taking(places, shape: [rows, kept])
    return try ((ofKept * (known - left.unsqueezed(axis: 1))).sum(axis: 1) + left * shares.sum(axis: 1)) * -1
}
