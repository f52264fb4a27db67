public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// A Transformer that reads a spectrogram: convolutions make every moment a vector, of fewer moments than there were, and each looks at all others
/// (Radford et al. 2023, *Robust Speech Recognition via Large-Scale Weak Supervision*, sec. 2.2).
///
///     h = layers(gelu(W₂ ∗ gelu(W₁ ∗ x + b₁) + b₂) + E)
public struct SpectrogramEncoder: Module {
    /// The convolutions, first to last; an activation follows each.
    public var convolutions: [Convolution1D]
    /// What follows a convolution.
    public let activation: Activation
    /// E, a vector for each moment.
    public var positions: LearnedPositions
    /// The layers.
    public var layers: [TransformerEncoderLayer]
    /// The norm behind the last layer; nil for none.
    public var norm: (any Norm)?
    /// The probability of dropping an element of what the first layer reads in training.
    public let dropout: Float

    /// An encoder of these parts.
    public init(
        convolutions: [Convolution1D], activation: Activation, positions: LearnedPositions,
        layers: [TransformerEncoderLayer], norm: (any Norm)?, dropout: Float = 0
    ) {
        (self.convolutions, self.activation, self.positions) = (convolutions, activation, positions)
        (self.layers, self.norm, self.dropout) = (layers, norm, dropout)
    }

    /// How many bands a spectrogram has.
    public var bandCount: Int { convolutions.first.map { $0.weight.shape[1] * $0.groupCount } ?? 0 }
    /// How many moments the convolutions make one of.
    public var stride: Int { convolutions.reduce(1) { $0 * $1.stride } }
    /// How many moments a spectrogram has.
    public var frameCount: Int { positions.weight.shape[0] * stride }
    /// How many layers a spectrogram passes.
    public var layerCount: Int { layers.count }
    /// The heads of a layer.
    public var headCount: Int { layers.first?.selfAttention.headCount ?? 0 }

    /// Spectrograms [B, bands, frames] → vectors [B, frames / stride, M]. Of the states that are kept the last is from behind the norm.
    /// - Parameter key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if the spectrograms have other bands or frames than the model was made for.
    public func encode(
        _ spectrograms: Tensor, observing: Observation = .nothing, training key: RandomKey? = nil
    ) throws(ShapeError) -> EncoderOutput {
        guard spectrograms.shape.rank == 3, spectrograms.shape[1] == bandCount, spectrograms.shape[2] == frameCount
        else {
            throw ShapeError(
                "SpectrogramEncoder", expected: "spectrograms [B, \(bandCount), \(frameCount)]",
                found: "\(spectrograms.shape)", wayOut: "fill short ones up with silence")
        }
        var record = EncoderRecord(observing)
        var x = spectrograms
        for convolution in convolutions { x = activation(try convolution(x)) }
        x = try positions(x.transposed(1, 2), positions: .from(0))  // [B, K, M]
        if let key { x = x.dropout(dropout, key: key[0]) }
        record.keep(x)
        for (index, layer) in layers.enumerated() {
            x = try record.pass(x, through: layer, present: .all, training: key?[1][index])
            if index == layers.count - 1, let norm { x = try norm(x) }
            record.keep(x)
        }
        return EncoderOutput(last: x, hiddenStates: record.hiddenStates, attentions: record.attentions)
    }

    /// `convolutions.0.…`, `positions.…`, `layers.0.…` and `norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try convolutions.visit(&visitor, path / "convolutions")
        try positions.visit(&visitor, path / "positions")
        try layers.visit(&visitor, path / "layers")
        try norm?.visit(&visitor, path / "norm")
    }
}
