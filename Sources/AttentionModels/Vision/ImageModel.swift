public import AttentionTensors

/// An encoder of pictures with a head.
public struct ImageModel: PretrainedModel {
    /// What reads.
    public var encoder: any ImageEncoder
    /// What it is for.
    public var head: ImageHead

    /// An encoder with this head.
    public init(encoder: any ImageEncoder, head: ImageHead) { (self.encoder, self.head) = (encoder, head) }

    public var imageModel: ImageModel? { self }

    public var heads: HeadCounts { encoder.heads }

    public static var inputNames: [String] { ["pixel_values"] }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        try observing.attentions.check(layerCount: layerCount, headCount: encoder.headCount)
        let encoded = try encoder.encode(try inputs.tensor(named: "pixel_values"), observing: observing)
        return try head.outputs(encoded.last)
            + encoded.hiddenStates.enumerated().map { NamedTensor("hidden_states.\($0.offset)", $0.element) }
            + attentions(encoded, of: observing.attentions).map { NamedTensor("attentions.\($0.layer)", $0.weights) }
    }

    /// `encoder.…` and `head.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try encoder.visit(&visitor, path / "encoder")
        try head.visit(&visitor, path / "head")
    }
}
