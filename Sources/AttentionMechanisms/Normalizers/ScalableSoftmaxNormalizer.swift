public import AttentionTensors
internal import Glibc

/// w = softmax(λ_h ln(n) s), with n the number of keys that the query may see: long rows stay as sharp as short ones.
///
/// *Source:* Nakanishi 2025, *Scalable-Softmax Is Superior for Attention* (without the bias).
public struct ScalableSoftmaxNormalizer: Normalizer {
    /// λ, [H].
    public var lengthScale: Parameter

    /// A normalizer with these factors [H].
    public init(lengthScale: Tensor) { self.lengthScale = Parameter(lengthScale) }

    public func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor {
        guard scores.shape.rank == 4, lengthScale.shape == [scores.shape[1]] else {
            throw ShapeError(
                "scalable softmax", expected: "scores [B, H, Q, K] and factors [H]",
                found: "\(scores.shape) and \(lengthScale.shape)")
        }
        let stretched = try scores.mappingRows(visible: visible, stretchByLogLength) { gradient, _, _ in
            stretchByLogLength(&gradient)
        }
        let factors = try lengthScale.tensor.reshaped(to: [lengthScale.shape[0], 1, 1])  // [H, 1, 1]
        return try (stretched * factors).softmax(visible: visible)
    }

    /// `length_scale`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try lengthScale.visit(&visitor, path / "length_scale")
    }
}

/// ln(n) z; linear, so it is its own derivative.
@Sendable private func stretchByLogLength(_ row: inout [Double]) {
    let factor = log(Double(row.count))
    for index in row.indices { row[index] *= factor }
}

extension Normalizer where Self == ScalableSoftmaxNormalizer {
    /// Softmax of scores that grow with the logarithm of the number of keys; the factors start at 1.
    public static func scalableSoftmax(headCount: Int) -> ScalableSoftmaxNormalizer {
        ScalableSoftmaxNormalizer(lengthScale: .ones([headCount]))
    }
}

extension ScalableSoftmaxNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "scalable_softmax", "Scalable softmax", .normalizer,
        formula: "softmax(z λ_h ln n)", cost: "O(QK)",
        use: "Long contexts: rows of many keys stay as sharp as short ones.",
        source: "Nakanishi 2025, Scalable-Softmax Is Superior for Attention",
        options: [.temperature],
        fresh: .drawn { settings, _ in ScalableSoftmaxNormalizer.scalableSoftmax(headCount: settings.headCount) },
        example: PartExample { _ in ["length_scale": .real(.ones([1]))] }
    ) { request in try request.tempered(ScalableSoftmaxNormalizer(lengthScale: request.tensor("length_scale"))) }
}
