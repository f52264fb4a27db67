/// What is kept of the layers of a model while it learns, until their derivatives are computed.
///
/// As a precision does, it holds for everything that is computed within:
///
/// ```swift
/// let gradients = try withActivations(.recomputed) { try model.loss(batch).total.gradients() }
/// ```
///
/// It concerns layers that look at nothing but the sequence itself: those of encoders, and of decoders without a source.
public enum Activations: String, Sendable, Hashable, Codable, CaseIterable {
    /// All that is needed.
    case kept
    /// What each layer reads; the rest is computed once more when gradients flow back.
    case recomputed

    @TaskLocal static var chosen = Activations.kept

    /// What is done in this task.
    public static var current: Activations { chosen }
}

/// Computes `body` with activations kept, or recomputed.
public func withActivations<Result>(_ activations: Activations, _ body: () throws -> Result) rethrows -> Result {
    try Activations.$chosen.withValue(activations, operation: body)
}

/// What `body` makes of the inputs, without keeping how: where gradients flow back, it is computed once more.
///
/// A stack of layers each of which is recomputed keeps what each layer reads, and all other tensors of one layer at a time, for one more
/// forward pass. Results and gradients are the same.
///
/// Parameters that `body` captures get their gradients, too. Whatever else it needs of what was computed before comes in through the inputs: gradients of
/// a tensor that is captured instead flow at once through all that it was computed from. `body` has to compute the same each time: what is random in it
/// follows from keys.
///
/// *Source:* Chen, Xu, Zhang & Guestrin 2016, *Training Deep Nets with Sublinear Memory Cost*, sec. 4.
/// - Throws: what `body` throws.
public func recomputed(
    _ inputs: [Tensor], _ body: @escaping @Sendable (_ inputs: [Tensor]) throws(ShapeError) -> Tensor
) throws(ShapeError) -> Tensor {
    let value = try body(inputs.map { $0.detached() })
    guard value.isTracked || inputs.contains(where: \.isTracked) else { return value }
    let (precision, ablation) = (Precision.current, Ablation.current)
    return value.detached().following(inputs) { upstream, gradients in
        let leaves = inputs.map { $0.isTracked ? $0.tracked() : $0 }
        let inner = withPrecision(precision) {
            withAblation(ablation) {
                guard let output = try? body(leaves), output.shape == upstream.shape else {
                    preconditionFailure("recomputed: expected \(upstream.shape) once more, found something else")
                }
                return output.gradients(upstream: upstream)
            }
        }
        gradients.absorb(inner, of: Array(zip(leaves, inputs)))
    }
}

extension Tensor {
    /// What a layer makes of this, recomputed if that is done in this task.
    /// - Throws: what the layer throws.
    package func passed(
        through layer: @escaping @Sendable (Tensor) throws(ShapeError) -> Tensor
    ) throws(ShapeError) -> Tensor {
        switch Activations.current {
        case .kept: try layer(self)
        case .recomputed: try recomputed([self]) { inputs throws(ShapeError) in try layer(inputs[0]) }
        }
    }
}
