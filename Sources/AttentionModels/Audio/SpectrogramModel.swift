public import AttentionLayers
public import AttentionTensors

/// An encoder of spectrograms that says of which class a sound is.
public struct SpectrogramModel: PretrainedModel {
    /// What the vectors are for.
    public enum Head: Module {
        /// Nothing but the vectors, and the mean of the first two.
        case features
        /// Which class a sound is of: W norm(mean of the first two) + b.
        case classes(LayerNorm, Linear, labels: [String])

        /// `norm.…` and `output.…`, if there are any.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            guard case .classes(var norm, var output, let labels) = self else { return }
            try norm.visit(&visitor, path / "norm")
            try output.visit(&visitor, path / "output")
            self = .classes(norm, output, labels: labels)
        }
    }

    /// Hears.
    public var encoder: SpectrogramTransformer
    /// What it is for.
    public var head: Head

    /// An encoder with this head.
    public init(encoder: SpectrogramTransformer, head: Head) { (self.encoder, self.head) = (encoder, head) }

    public var spectrogramModel: SpectrogramModel? { self }

    public var heads: HeadCounts { HeadCounts(encoder: encoder.layers.map(\.selfAttention.headCount)) }

    public static var inputNames: [String] { ["input_values"] }

    /// The logits of the classes, [B, C], from vectors [B, k + N, M]; nil without such a head.
    /// - Throws: `ShapeError` if the vectors are none of the encoder's.
    public func logits(_ x: Tensor) throws(ShapeError) -> Tensor? {
        guard case .classes(let norm, let output, _) = head else { return nil }
        return try output(try norm(try pooled(x)))
    }

    /// The mean of the first two vectors.
    private func pooled(_ x: Tensor) throws(ShapeError) -> Tensor {
        (try x.at(0, axis: 1) + (try x.at(1, axis: 1))) * 0.5
    }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        try observing.attentions.check(layerCount: encoder.layerCount, headCount: encoder.headCount)
        let encoded = try encoder.encode(try inputs.tensor(named: "input_values"), observing: observing)
        let outputs =
            if let logits = try logits(encoded.last) { [NamedTensor("logits", logits)] } else {
                [
                    NamedTensor("last_hidden_state", encoded.last),
                    NamedTensor("pooler_output", try pooled(encoded.last)),
                ]
            }
        return outputs + encoded.hiddenStates.enumerated().map { NamedTensor("hidden_states.\($0.offset)", $0.element) }
            + encoded.attentions.map { NamedTensor("attentions.\($0.layer)", $0.weights) }
    }

    /// `encoder.…` and `head.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try encoder.visit(&visitor, path / "encoder")
        try head.visit(&visitor, path / "head")
    }
}
