public import AttentionTensors

/// How a row of scores becomes shares of attention. Entries outside the mask, and rows without any inside, become 0.
public protocol Normalizer: Module {
    /// Scores [B, H, Q, K] → weights [B, H, Q, K], over the pairs that `visible` admits (nil: all).
    func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor
    /// Whether this is softmax and nothing else, which fused kernels compute on the way.
    var isPlainSoftmax: Bool { get }
}

/// What there is to know of a normalizer.
public typealias NormalizerDescriptor = PartDescriptor<any Normalizer>

extension Normalizer {
    public var isPlainSoftmax: Bool { false }

    /// No parameters unless stated.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}
}

/// w_ij = exp(s_ij) / Σ_j exp(s_ij).
///
/// *Source:* Bridle 1990; Bahdanau, Cho & Bengio 2015, eq. 6.
public struct SoftmaxNormalizer: Normalizer {
    public func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor {
        try scores.softmax(visible: visible)
    }

    public var isPlainSoftmax: Bool { true }
}

extension Normalizer where Self == SoftmaxNormalizer {
    /// Exponentials divided by their sum.
    public static var softmax: SoftmaxNormalizer { SoftmaxNormalizer() }
}

extension SoftmaxNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "softmax", "Softmax", .normalizer,
        formula: "P = exp(z − max z) / Σ", cost: "O(QK)",
        use: "The standard: every visible key gets some weight.", source: "Bridle 1990; Bahdanau et al. 2015, eq. 6",
        options: [.temperature],
        fresh: .plain(SoftmaxNormalizer.softmax)
    ) { request in try request.tempered(SoftmaxNormalizer.softmax) }
}
