public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// A Transformer that reads a spectrogram as a picture: patches that overlap, behind two vectors that belong to the sound as a whole (Gong, Chung & Glass
/// 2021, *AST: Audio Spectrogram Transformer*, sec. 2).
public struct SpectrogramTransformer: Module {
    /// Maps each patch to a vector.
    public var patches: Convolution2D
    /// What stands before the patches, M numbers each.
    public var tokens: [Parameter]
    /// A vector for each of these and each patch, [1, k + N, M].
    public var positions: Parameter
    /// The layers.
    public var layers: [TransformerEncoderLayer]
    /// The norm behind the last layer.
    public var norm: LayerNorm
    /// How many moments and bands a spectrogram has.
    public let size: ImageSize
    /// The probability of dropping an element of what the first layer reads in training.
    public let dropout: Float

    /// A transformer of these parts.
    public init(
        patches: Convolution2D, tokens: [Parameter], positions: Parameter, layers: [TransformerEncoderLayer],
        norm: LayerNorm, size: ImageSize, dropout: Float = 0
    ) {
        (self.patches, self.tokens, self.positions) = (patches, tokens, positions)
        (self.layers, self.norm, self.size, self.dropout) = (layers, norm, size, dropout)
    }

    /// M.
    public var modelSize: Int { patches.weight.shape[0] }
    /// How many layers a sound passes.
    public var layerCount: Int { layers.count }
    /// The heads of a layer.
    public var headCount: Int { layers.first?.selfAttention.headCount ?? 0 }

    /// What each vector stands for: `sound 1`, `sound 2`, and `row 1, column 1`, … of patches, rows being bands from low to high and columns moments.
    public var placeNames: [String] { tokens.indices.map { "sound \($0 + 1)" } + placeGrid.placeNames }

    /// The grid of patches, row by row.
    public var placeGrid: ImageSize {
        let kernel = patches.weight.shape
        return ImageSize(
            height: (size.width - kernel[2]) / patches.stride.rows + 1,
            width: (size.height - kernel[3]) / patches.stride.columns + 1)
    }

    /// How many columns of patches begin within the first moments of a spectrogram, one at least: the others see nothing of what stands there.
    public func columnCount(ofMoments count: Int) -> Int {
        let stride = patches.stride.columns
        return max(1, min(placeGrid.width, (count + stride - 1) / stride))
    }

    /// Spectrograms [B, moments, bands] → vectors [B, k + N, M], those of the sound as a whole first. Of the states that are kept the last is from before
    /// the norm, as the reference has it.
    /// - Parameter key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if the spectrograms have another size than the model was made for.
    public func encode(
        _ spectrograms: Tensor, observing: Observation = .nothing, training key: RandomKey? = nil
    ) throws(ShapeError) -> EncoderOutput {
        guard spectrograms.shape.rank == 3, spectrograms.shape[1] == size.height, spectrograms.shape[2] == size.width
        else {
            throw ShapeError(
                "SpectrogramTransformer", expected: "spectrograms [B, \(size.height), \(size.width)]",
                found: "\(spectrograms.shape)")
        }
        let count = spectrograms.shape[0]
        // Bands are the rows of the picture.
        let mapped = try patches(spectrograms.transposed(1, 2).unsqueezed(axis: 1))  // [B, M, rows, columns]
        var rows: [Tensor] = []
        for token in tokens {
            rows.append(try token.tensor.reshaped(to: [1, 1, modelSize]).expanded(to: [count, 1, modelSize]))
        }
        rows.append(try mapped.reshaped(to: [count, modelSize, -1]).transposed(1, 2))
        var x = try concatenated(rows, axis: 1)
        x = x + (try positions.tensor.reshaped(to: [1, x.shape[1], modelSize]))
        if let key { x = x.dropout(dropout, key: key[0]) }
        var record = EncoderRecord(observing)
        record.keep(x)
        for (index, layer) in layers.enumerated() {
            x = try record.pass(x, through: layer, present: .all, training: key?[1][index])
            record.keep(x)
        }
        return EncoderOutput(
            last: try norm(x), hiddenStates: record.hiddenStates, attentions: record.attentions)
    }

    /// `patches.…`, `tokens.0`, `positions`, `layers.0.…` and `norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try patches.visit(&visitor, path / "patches")
        try tokens.visit(&visitor, path / "tokens")
        try positions.visit(&visitor, path / "positions")
        try layers.visit(&visitor, path / "layers")
        try norm.visit(&visitor, path / "norm")
    }
}
