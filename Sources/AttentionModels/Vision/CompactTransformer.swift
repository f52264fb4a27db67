public import AttentionLayers
public import AttentionTensors

/// A Transformer whose tokens are made by convolutions, and which needs no vector of its own for the picture as a whole, since its head looks at all
/// (Hassani et al. 2021, *Escaping the Big Data Paradigm with Compact Transformers*, sec. 3.3–3.4).
public struct CompactTransformer: ImageEncoder {
    /// How many rows and columns a picture has.
    public let imageSize: ImageSize
    /// The convolutions; behind each, relu and the largest of nine neighbours at every second place.
    public var convolutions: [Convolution2D]
    /// A vector for each token, [1, N, M].
    public var positions: Parameter
    /// The layers.
    public var layers: [TransformerEncoderLayer]
    /// The norm behind the last layer.
    public var norm: LayerNorm
    /// The probability of dropping an element of what the first layer reads in training.
    public let dropout: Float

    /// A transformer of these parts, with a place for each of its tokens.
    public init(
        imageSize: ImageSize, convolutions: [Convolution2D], layers: [TransformerEncoderLayer], norm: LayerNorm,
        dropout: Float = 0
    ) {
        (self.imageSize, self.convolutions, self.layers) = (imageSize, convolutions, layers)
        (self.norm, self.dropout) = (norm, dropout)
        let grid = Self.grid(of: imageSize, behind: convolutions.count)
        positions = Parameter(.zeros([1, grid.height * grid.width, norm.gain.shape[0]]))
    }

    /// M.
    public var modelSize: Int { norm.gain.shape[0] }
    /// How many layers a picture passes.
    public var layerCount: Int { layers.count }
    /// The heads of a layer.
    public var headCount: Int { layers.first?.selfAttention.headCount ?? 0 }
    /// The heads of each layer, which can be left out.
    public var heads: HeadCounts { HeadCounts(encoder: layers.map(\.selfAttention.headCount)) }

    /// The rows and columns of tokens: half as many behind each convolution, rounded up.
    static func grid(of size: ImageSize, behind count: Int) -> ImageSize {
        (0..<count).reduce(size) { size, _ in
            ImageSize(height: (size.height + 1) / 2, width: (size.width + 1) / 2)
        }
    }

    public func placeNames(height: Int, width: Int) -> [String]? {
        placeGrid(height: height, width: width)?.placeNames
    }

    public func placeGrid(height: Int, width: Int) -> ImageSize? {
        Self.grid(of: ImageSize(height: height, width: width), behind: convolutions.count)
    }

    /// Pictures [B, C, height, width] → vectors [B, N, M], row by row.
    /// - Throws: `ShapeError` if the pictures have another size than the model was made for.
    public func encode(
        _ images: Tensor, observing: Observation, training key: RandomKey?
    ) throws(ShapeError) -> EncoderOutput {
        guard images.shape.rank == 4, images.shape[2] == imageSize.height, images.shape[3] == imageSize.width else {
            throw ShapeError(
                "CompactTransformer", expected: "pictures [B, C, \(imageSize.height), \(imageSize.width)]",
                found: "\(images.shape)")
        }
        var x = images
        for convolution in convolutions {
            x = try maximumPooling2D(
                Activation.relu(try convolution(x)), kernel: (3, 3), stride: (2, 2), padding: (1, 1))
        }
        x = try x.reshaped(to: [x.shape[0], modelSize, -1]).transposed(1, 2) + positions.tensor  // [B, N, M]
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

    /// `convolutions.0.…`, `positions`, `layers.0.…` and `norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try convolutions.visit(&visitor, path / "convolutions")
        try positions.visit(&visitor, path / "positions")
        try layers.visit(&visitor, path / "layers")
        try norm.visit(&visitor, path / "norm")
    }
}
