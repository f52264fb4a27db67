public import AttentionLayers
public import AttentionTensors

/// An encoder of samples with a head.
public struct WaveformModel: PretrainedModel {
    /// What the vectors are for.
    public enum Head: Module {
        /// Nothing.
        case features
        /// Which character is spoken at each moment, or none: for connectionist temporal classification (Graves et al. 2006).
        case characters(Linear)

        /// `output.…`, if there is one.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            guard case .characters(var output) = self else { return }
            try output.visit(&visitor, path / "output")
            self = .characters(output)
        }
    }

    /// Hears.
    public var encoder: WaveformEncoder
    /// What it is for.
    public var head: Head

    /// An encoder with this head.
    public init(encoder: WaveformEncoder, head: Head) { (self.encoder, self.head) = (encoder, head) }

    public var waveformModel: WaveformModel? { self }

    public var heads: HeadCounts { HeadCounts(encoder: encoder.layers.map(\.selfAttention.headCount)) }

    public static var inputNames: [String] { ["input_values", "attention_mask"] }

    /// The logits of characters at each moment, [B, K, V]; nil without such a head.
    /// - Throws: `ShapeError` as `WaveformEncoder.encode` does.
    public func logits(_ samples: Tensor, lengths: [Int]? = nil) throws(ShapeError) -> Tensor? {
        try logits(extracted: try encoder.extract(samples), lengths: lengths)
    }

    /// The same of vectors that the encoder's convolutions made of samples, [B, K, C], of which some may have been taken away.
    /// - Parameters:
    ///   - lengths: how many samples of each row are real; nil for all.
    ///   - key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if the vectors are none of the convolutions', or the lengths are of another batch.
    public func logits(
        extracted: Tensor, lengths: [Int]? = nil, training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor? {
        guard case .characters(let output) = head else { return nil }
        return try output(
            try encoder.encode(extracted: extracted, lengths: lengths, observing: .nothing, training: key).last)
    }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        try observing.attentions.check(layerCount: encoder.layerCount, headCount: encoder.headCount)
        let samples = try inputs.tensor(named: "input_values")
        let extracted = try encoder.extract(samples)
        let encoded = try encoder.encode(
            extracted: extracted, lengths: try lengths(inputs, samples.shape), observing: observing)
        let outputs =
            switch head {
            case .features:
                [NamedTensor("last_hidden_state", encoded.last), NamedTensor("extract_features", extracted)]
            case .characters(let map): [NamedTensor("logits", try map(encoded.last))]
            }
        return outputs + encoded.hiddenStates.enumerated().map { NamedTensor("hidden_states.\($0.offset)", $0.element) }
            + encoded.attentions.map { NamedTensor("attentions.\($0.layer)", $0.weights) }
    }

    /// How many samples of each row are real.
    private func lengths(_ inputs: SafetensorsFile, _ shape: Shape) throws -> [Int]? {
        guard inputs.contains("attention_mask") else { return nil }
        let found = try inputs.shape(of: "attention_mask")
        guard found == shape, shape.rank == 2 else {
            throw PretrainedError.badInput(
                "attention_mask", source: inputs.source, expected: "\(shape)", found: "\(found)")
        }
        let mask = try inputs.integers(named: "attention_mask")
        return (0..<shape[0]).map { row in mask[row * shape[1]..<(row + 1) * shape[1]].filter { $0 != 0 }.count }
    }

    /// `encoder.…` and `head.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try encoder.visit(&visitor, path / "encoder")
        try head.visit(&visitor, path / "head")
    }
}
