public import AttentionLayers
public import AttentionTensors

/// A Transformer that reads a picture as a sequence of patches, each of which looks at all others (Dosovitskiy et al. 2021, sec. 3.1).
public struct VisionTransformer: ImageEncoder {
    /// What the first layer reads.
    public var embeddings: PatchEmbeddings
    /// The layers.
    public var layers: [TransformerEncoderLayer]
    /// The norm behind the last layer; nil for none.
    public var norm: (any Norm)?

    /// A transformer of these parts.
    public init(embeddings: PatchEmbeddings, layers: [TransformerEncoderLayer], norm: (any Norm)?) {
        (self.embeddings, self.layers, self.norm) = (embeddings, layers, norm)
    }

    /// M.
    public var modelSize: Int { embeddings.modelSize }
    /// How many layers a picture passes.
    public var layerCount: Int { layers.count }
    /// The heads of a layer.
    public var headCount: Int { layers.first?.selfAttention.headCount ?? 0 }
    /// The heads of each layer, which can be left out.
    public var heads: HeadCounts { HeadCounts(encoder: layers.map(\.selfAttention.headCount)) }

    public func placeNames(height: Int, width: Int) -> [String]? {
        embeddings.placeNames(height: height, width: width)
    }

    public func placeGrid(height: Int, width: Int) -> ImageSize? { embeddings.grid(height: height, width: width) }

    /// Pictures [B, C, height, width] → vectors [B, k + N, M], those of the picture as a whole first. Of the states that are kept the last
    /// is from before the norm, as the reference has it.
    public func encode(
        _ images: Tensor, observing: Observation, training key: RandomKey?
    ) throws(ShapeError) -> EncoderOutput {
        var record = EncoderRecord(observing)
        var x = try embeddings(images, training: key?[0])
        record.keep(x)
        for (index, layer) in layers.enumerated() {
            x = try record.pass(x, through: layer, present: .all, training: key?[1][index])
            record.keep(x)
        }
        if let norm { x = try norm(x) }
        return EncoderOutput(last: x, hiddenStates: record.hiddenStates, attentions: record.attentions)
    }

    /// `embeddings.…`, `layers.0.…` and `norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try embeddings.visit(&visitor, path / "embeddings")
        try layers.visit(&visitor, path / "layers")
        try norm?.visit(&visitor, path / "norm")
    }
}
