public import AttentionTensors

/// Another normalizer of z = s / temperature: above 1 it shares more evenly, below 1 more sharply.
///
/// *Source:* Hinton, Vinyals & Dean 2015, *Distilling the Knowledge in a Neural Network*, eq. 1.
public struct TemperedNormalizer: Normalizer {
    /// What shares the attention.
    public var base: any Normalizer
    /// What scores are divided by, above 0.
    public let temperature: Float

    /// `base` at this temperature.
    /// - Precondition: the temperature is above 0.
    public init(_ base: some Normalizer, temperature: Float) {
        precondition(temperature > 0, "TemperedNormalizer: expected a temperature above 0, found \(temperature)")
        self.base = base
        self.temperature = temperature
    }

    public func normalize(_ scores: Tensor, visible: Mask?) throws(ShapeError) -> Tensor {
        try base.normalize(scores / temperature, visible: visible)
    }

    /// The base's parameters, under their own names.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try base.visit(&visitor, path)
    }
}

extension Normalizer where Self == TemperedNormalizer {
    /// Another normalizer of scores divided by a temperature: `.tempered(.sparsemax, temperature: 0.5)`.
    public static func tempered(_ base: some Normalizer, temperature: Float) -> TemperedNormalizer {
        TemperedNormalizer(base, temperature: temperature)
    }
}

extension OptionDescriptor {
    /// What a normalizer's scores are divided by.
    static let temperature = number("temperature", .positive, default: 1)
}

extension Request {
    /// The normalizer at the option `temperature`.
    func tempered(_ normalizer: some Normalizer) throws -> any Normalizer {
        let temperature = Float(try options.number("temperature"))
        return temperature == 1 ? normalizer : TemperedNormalizer(normalizer, temperature: temperature)
    }
}
