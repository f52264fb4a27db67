public import AttentionLayers
public import AttentionTensors

/// A Transformer that hears samples as they are: wav2vec 2.0 (Baevski et al. 2020) and HuBERT (Hsu et al. 2021).
public struct WaveformEncoder: Module {
    /// Makes vectors of samples.
    public var features: WaveformFeatures
    /// The norm of these; nil for none.
    public var featureNorm: LayerNorm?
    /// From their size to the model's.
    public var projection: Linear
    /// Tells moments apart.
    public var positions: ConvolutionalPositions
    /// The layers.
    public var layers: [TransformerEncoderLayer]
    /// The norm before the first layer where the layers have theirs behind, behind the last where they have theirs before.
    public var norm: LayerNorm
    /// Where the layers have their norms.
    public let order: NormOrder
    /// The probability of dropping an element of what the first layer reads in training.
    public let dropout: Float

    /// An encoder of these parts.
    public init(
        features: WaveformFeatures, featureNorm: LayerNorm?, projection: Linear, positions: ConvolutionalPositions,
        layers: [TransformerEncoderLayer], norm: LayerNorm, order: NormOrder, dropout: Float = 0
    ) {
        (self.features, self.featureNorm, self.projection) = (features, featureNorm, projection)
        (self.positions, self.layers, self.norm) = (positions, layers, norm)
        (self.order, self.dropout) = (order, dropout)
    }

    /// M.
    public var modelSize: Int { projection.weight.shape[0] }
    /// How many layers a sound passes.
    public var layerCount: Int { layers.count }
    /// The heads of a layer.
    public var headCount: Int { layers.first?.selfAttention.headCount ?? 0 }

    /// Samples [B, T], of which the first of each row are real, → vectors [B, K, M]. Of the states that are kept the last is from before a norm behind the
    /// last layer, as the reference has it now.
    /// - Parameters:
    ///   - lengths: how many samples of each row are real; nil for all.
    ///   - key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if the samples are too few for a vector, or the lengths are of another batch.
    public func encode(
        _ samples: Tensor, lengths: [Int]? = nil, observing: Observation = .nothing, training key: RandomKey? = nil
    ) throws(ShapeError) -> EncoderOutput {
        try encode(extracted: try extract(samples), lengths: lengths, observing: observing, training: key)
    }

    /// Samples [B, T] → the vectors that the convolutions make of them, [B, K, C], behind their norm.
    /// - Throws: `ShapeError` if the samples are too few for a vector.
    public func extract(_ samples: Tensor) throws(ShapeError) -> Tensor {
        let extracted = try features(samples)
        guard let featureNorm else { return extracted }
        return try featureNorm(extracted)
    }

    /// What the layers make of these.
    func encode(
        extracted: Tensor, lengths: [Int]?, observing: Observation, training key: RandomKey? = nil
    ) throws(ShapeError) -> EncoderOutput {
        let present = lengths.map { Presence.first($0.map(features.momentCount)) } ?? .all
        var record = EncoderRecord(observing)
        var x = try projection(extracted).clearing(besides: present)
        x = x + (try positions(x))
        if order == .post { x = try norm(x) }
        if let key { x = x.dropout(dropout, key: key[0]) }
        record.keep(x)
        for (index, layer) in layers.enumerated() {
            x = try record.pass(x, through: layer, present: present, training: key?[1][index])
            record.keep(x)
        }
        if order == .pre { x = try norm(x) }
        return EncoderOutput(last: x, hiddenStates: record.hiddenStates, attentions: record.attentions)
    }

    /// `features.…`, `feature_norm.…`, `projection.…`, `positions.…`, `layers.0.…` and `norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try features.visit(&visitor, path / "features")
        try featureNorm.visit(&visitor, path / "feature_norm")
        try projection.visit(&visitor, path / "projection")
        try positions.visit(&visitor, path / "positions")
        try layers.visit(&visitor, path / "layers")
        try norm.visit(&visitor, path / "norm")
    }
}
