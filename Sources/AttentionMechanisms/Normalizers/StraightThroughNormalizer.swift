public import AttentionTensors

/// All attention on the key to which another normalizer gives most, the first of equals; gradients flow as if its weights had been used.
///
/// *Source:* Bengio, Léonard & Courville 2013, *Estimating or Propagating Gradients Through Stochastic Neurons*; Jang, Gu & Poole 2017,
/// sec. 2.2.
public struct StraightThroughNormalizer: Normalizer {
    /// Whose choice is made hard.
    public var base: any Normalizer

    /// The hard form of `base`.
    public init(_ base: some Normalizer) { self.base = base }

    public func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor {
        let soft = try base.normalize(scores, visible: visible)
        return try HardmaxNormalizer().normalize(soft.detached(), visible: visible)
            .derived(from: soft) { upstream, gradients in gradients.add(upstream, to: soft) }
    }

    /// The base's parameters, under their own names.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try base.visit(&visitor, path)
    }
}

extension Normalizer where Self == StraightThroughNormalizer {
    /// Another normalizer's favourite alone, with the other's gradient: `.straightThrough(.softmax)`.
    public static func straightThrough(_ base: some Normalizer) -> StraightThroughNormalizer {
        StraightThroughNormalizer(base)
    }
}
