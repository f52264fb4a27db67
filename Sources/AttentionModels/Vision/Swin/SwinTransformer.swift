public import AttentionLayers
public import AttentionTensors

/// A Transformer that looks at a picture through windows, in stages of ever fewer and larger places (Liu et al. 2021, *Swin Transformer*,
/// figure 3): its cost grows with the picture, not with its square.
public struct SwinTransformer: ImageEncoder {
    /// Layers on one grid, and what makes the grid of the next.
    public struct Stage: Module {
        /// The layers; every other one is shifted.
        public var layers: [SwinLayer]
        /// What follows them; nil behind the last stage.
        public var merging: PatchMerging?

        /// `layers.0.…` and `merging.…` if there is one.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            try layers.visit(&visitor, path / "layers")
            try merging.visit(&visitor, path / "merging")
        }
    }

    /// What the first layer reads.
    public var embeddings: PatchEmbeddings
    /// The stages.
    public var stages: [Stage]
    /// The norm behind the last.
    public var norm: LayerNorm

    /// A transformer of these parts.
    public init(embeddings: PatchEmbeddings, stages: [Stage], norm: LayerNorm) {
        (self.embeddings, self.stages, self.norm) = (embeddings, stages, norm)
    }

    public var modelSize: Int { norm.gain.shape[0] }
    /// A stage is looked into where its last layer is.
    public var layerCount: Int { stages.count }
    public var headCount: Int { stages.map { $0.layers.first?.selfAttention.headCount ?? 0 }.min() ?? 0 }

    public func placeNames(height: Int, width: Int) -> [String]? { nil }
    public func placeGrid(height: Int, width: Int) -> ImageSize? { nil }

    /// Pictures [B, C, height, width] → vectors [B, L, M], L places of the last grid. Kept are what the first stage reads, and what each gives
    /// on; weights are those of each stage's last layer, within windows.
    public func encode(
        _ images: Tensor, observing: Observation, training key: RandomKey?
    ) throws(ShapeError) -> EncoderOutput {
        let images = try images.filledUp(to: embeddings.patchSize)
        var x = try embeddings(images, training: key?[0])
        var grid = embeddings.grid(height: images.shape[2], width: images.shape[3])
        var (states, attentions): ([Tensor], [LayerAttention]) = ([x], [])
        let chosen = observing.attentions
        for (index, stage) in stages.enumerated() {
            for (place, layer) in stage.layers.enumerated() {
                let isObserved = place == stage.layers.count - 1 && chosen.contains(layer: index)
                let found = try layer(
                    x, on: grid, observing: isObserved, heads: chosen.heads, training: key?[1][index][place])
                x = found.output
                if let weights = found.weights { attentions.append(LayerAttention(layer: index, weights: weights)) }
            }
            if let merging = stage.merging { (x, grid) = try merging(x, on: grid) }
            states.append(x)
        }
        return EncoderOutput(
            last: try norm(x), hiddenStates: observing.hiddenStates ? states : [], attentions: attentions)
    }

    /// `embeddings.…`, `stages.0.…` and `norm.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try embeddings.visit(&visitor, path / "embeddings")
        try stages.visit(&visitor, path / "stages")
        try norm.visit(&visitor, path / "norm")
    }
}

extension Tensor {
    /// Pictures [B, C, H, W] with zeros at the right and below, up to whole patches.
    fileprivate func filledUp(to patch: ImageSize) throws(ShapeError) -> Tensor {
        guard shape.rank == 4 else {
            throw ShapeError("SwinTransformer", expected: "pictures [B, C, height, width]", found: "\(shape)")
        }
        let (below, right) = (shape[2].missing(to: patch.height), shape[3].missing(to: patch.width))
        guard below + right > 0 else { return self }
        return try padded(axis: 2, before: 0, after: below).padded(axis: 3, before: 0, after: right)
    }
}

extension Int {
    /// What is missing to the next multiple.
    fileprivate func missing(to size: Int) -> Int { (size - self % size) % size }
}
