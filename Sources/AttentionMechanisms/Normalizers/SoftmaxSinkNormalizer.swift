public import AttentionTensors

/// w_ij = exp(s_ij) / (exp(sink_h) + Σ_j exp(s_ij)): softmax with one more key that has no value, so that a head may look at nothing.
///
/// *Source:* OpenAI 2025, *gpt-oss-120b & gpt-oss-20b Model Card*.
public struct SoftmaxSinkNormalizer: Normalizer {
    /// The score of the key without value, [H].
    public var sink: Parameter

    /// A normalizer with this sink [H].
    public init(sink: Tensor) { self.sink = Parameter(sink) }

    public func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor {
        try scores.softmax(besides: sink.tensor, visible: visible)
    }

    /// `sink`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try sink.visit(&visitor, path / "sink")
    }
}

/// w_ij = exp(s_ij) / (1 + Σ_j exp(s_ij)): softmax with a sink fixed at 0.
///
/// *Source:* Miller 2023, *Attention Is Off By One*; Xiao et al. 2024, *Efficient Streaming Language Models with Attention Sinks*, eq. 2.
public struct SoftmaxOneNormalizer: Normalizer {
    public func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor {
        try scores.softmax(besides: .zeros([1]), visible: visible)
    }
}

extension Tensor {
    /// Softmax of scores [B, H, Q, K] and one score more per head [H or 1], without the weight of the latter.
    fileprivate func softmax(besides sink: Tensor, visible: Mask?) throws(ShapeError) -> Tensor {
        guard shape.rank == 4, sink.shape == [shape[1]] || sink.shape == [1] else {
            throw ShapeError(
                "softmax with a sink", expected: "scores [B, H, Q, K] and a sink [H]",
                found: "\(shape) and \(sink.shape)")
        }
        let keyCount = shape[3]
        let column = try sink.reshaped(to: [1, sink.shape[0], 1, 1])
            .expanded(to: [shape[0], shape[1], shape[2], 1])  // [B, H, Q, 1]
        return try concatenated([self, column], axis: 3)
            .softmax(visible: visible?.admittingExtraColumns(1, after: keyCount))
            .sliced(axis: 3, 0..<keyCount)
    }
}

extension Normalizer where Self == SoftmaxSinkNormalizer {
    /// Softmax with a learned sink per head, which starts at 0.
    public static func softmaxSink(headCount: Int) -> SoftmaxSinkNormalizer {
        SoftmaxSinkNormalizer(sink: .zeros([headCount]))
    }
}

extension Normalizer where Self == SoftmaxOneNormalizer {
    /// Softmax with one added to the denominator.
    public static var softmaxOne: SoftmaxOneNormalizer { SoftmaxOneNormalizer() }
}

extension SoftmaxSinkNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "softmax_sink", "Softmax with a learned sink", .normalizer,
        formula: "P = exp(z) / (exp(sink_h) + Σ exp z)",
        cost: "O(QK)", use: "Heads that should be able to look at nothing.",
        source: "OpenAI 2025, gpt-oss model card",
        options: [.temperature],
        fresh: .drawn { settings, _ in SoftmaxSinkNormalizer.softmaxSink(headCount: settings.headCount) },
        example: PartExample { _ in ["sink": .real(.ones([1]))] }
    ) { request in try request.tempered(SoftmaxSinkNormalizer(sink: request.tensor("sink"))) }
}

extension SoftmaxOneNormalizer {
    /// What there is to know of it.
    public static let descriptor = NormalizerDescriptor(
        "softmax_one", "Softmax off by one", .normalizer,
        formula: "P = exp(z) / (1 + Σ exp z)",
        cost: "O(QK)",
        use: "As a sink, without a parameter.", source: "Miller 2023; Xiao et al. 2024, eq. 2",
        options: [.temperature],
        fresh: .plain(SoftmaxOneNormalizer.softmaxOne)
    ) { request in try request.tempered(SoftmaxOneNormalizer.softmaxOne) }
}
