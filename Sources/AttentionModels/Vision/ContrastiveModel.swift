public import AttentionLayers
public import AttentionTensors

/// Texts and pictures as vectors of one space, in which those that belong together are near each other (Radford et al. 2021, *Learning
/// Transferable Visual Models From Natural Language Supervision*, figure 3):
///
///     t = T(text) / |T(text)|,  i = I(picture) / |I(picture)|,  logits = eˢ i tᵀ + b
///
/// A picture is of one of several texts (softmax), or goes with each of them or not (σ; Zhai et al. 2023, *Sigmoid Loss for Language Image
/// Pre-Training*, eq. 2), which is what b is for.
public struct ContrastiveModel: PretrainedModel {
    /// Where a text is read, after all ids have looked at others.
    public enum TextPlace: Sendable, Hashable {
        /// Where this id stands first; at the beginning if nowhere.
        case first(of: Int)
        /// Where the largest id stands, as in old configurations.
        case largest
        /// At the last place, texts being filled up with this id as far as there are positions.
        case last(padding: Int)
    }

    /// How pictures become vectors of the common space.
    public enum ImageHead: Module {
        /// W norm(x₁).
        case projectedFirst(norm: LayerNorm, projection: Linear)
        /// By a query that looks at all.
        case attention(AttentionPooling)

        /// `norm` and `projection`, or `pooling`.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            switch self {
            case .projectedFirst(var norm, var projection):
                try norm.visit(&visitor, path / "norm")
                try projection.visit(&visitor, path / "projection")
                self = .projectedFirst(norm: norm, projection: projection)
            case .attention(var pooling):
                try pooling.visit(&visitor, path / "pooling")
                self = .attention(pooling)
            }
        }
    }

    /// Reads texts.
    public var text: BidirectionalEncoder
    /// The norm behind it.
    public var textNorm: LayerNorm
    /// Maps the vector of a text into the common space.
    public var textProjection: Linear
    /// Reads pictures.
    public var image: VisionTransformer
    /// Makes one vector of what it gives.
    public var imageHead: ImageHead
    /// s, one number.
    public var scale: Parameter
    /// b, one number; nil where a picture is of one of several texts.
    public var bias: Parameter?
    /// Where a text is read.
    public let textPlace: TextPlace

    public var contrastiveModel: ContrastiveModel? { self }

    public static var inputNames: [String] { ["input_ids", "attention_mask", "position_ids", "pixel_values"] }

    /// A batch of texts → vectors [B, D] of length 1, the same before they are brought to it, and what the encoder made of the texts.
    /// - Throws: `ShapeError` if an id has no vector, or a text is too long.
    public func embed(
        _ batch: TokenBatch, observing: Observation = .nothing
    ) throws(ShapeError) -> (vectors: Tensor, projected: Tensor, output: EncoderOutput) {
        let encoded = try text.encode(batch, observing: observing, training: nil)
        let normed = try textNorm(encoded.last)
        var rows: [Tensor] = []
        for row in 0..<batch.rowCount {
            let place = end(of: batch.ids[row * batch.length..<(row + 1) * batch.length])
            rows.append(try normed.at(row, axis: 0).at(place, axis: 0))
        }
        let projected = try textProjection(try stacked(rows))
        return (
            try projected.unitRows(), projected,
            EncoderOutput(last: normed, hiddenStates: encoded.hiddenStates, attentions: encoded.attentions)
        )
    }

    private func end(of ids: ArraySlice<Int>) -> Int {
        let place =
            switch textPlace {
            case .first(let id): ids.firstIndex(of: id)
            case .largest: ids.indices.max { ids[$0] < ids[$1] }
            case .last: ids.indices.last
            }
        return (place ?? ids.startIndex) - ids.startIndex
    }

    /// Texts of these ids as the model learnt to read them.
    /// - Throws: `ShapeError` if there are none.
    public func batch(_ texts: [[Int]]) throws(ShapeError) -> TokenBatch {
        guard case .last(let padding) = textPlace, let limit = text.lengthLimit else {
            return try TokenBatch(texts, padding: 0)
        }
        // Padding is read like all else.
        let filled = texts.map { $0 + [Int](repeating: padding, count: max(0, limit - $0.count)) }
        return try TokenBatch(filled, padding: padding)
    }

    /// Pictures [B, C, height, width] → vectors [B, D] of length 1, the same before, and what the encoder made of the pictures.
    /// - Throws: `ShapeError` if the pictures have another size.
    public func embed(
        _ images: Tensor, observing: Observation = .nothing
    ) throws(ShapeError) -> (vectors: Tensor, projected: Tensor, output: EncoderOutput) {
        let encoded = try image.encode(images, observing: observing)
        let projected =
            switch imageHead {
            case .projectedFirst(let norm, let projection): try projection(try norm(try encoded.last.first()))
            case .attention(let pooling): try pooling(encoded.last)
            }
        return (try projected.unitRows(), projected, encoded)
    }

    /// How well each of the pictures [I, D] goes with each of the texts [T, D], [I, T].
    /// - Throws: `ShapeError` if the vectors are not of one space.
    public func logits(images: Tensor, texts: Tensor) throws(ShapeError) -> Tensor {
        let logits = try matmul(images, texts.transposed(0, 1)) * scale.tensor.exponential()
        guard let bias else { return logits }
        return logits + bias.tensor
    }

    /// What such logits mean: which share of a picture each text has, or how likely it is that they go together.
    /// - Throws: `ShapeError` if there is no text.
    public func probabilities(_ logits: Tensor) throws(ShapeError) -> Tensor {
        bias == nil ? try logits.softmax() : logits.sigmoid()
    }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        for encoder in [(text.layerCount, text.headCount), (image.layerCount, image.headCount)] {
            try observing.attentions.check(layerCount: encoder.0, headCount: encoder.1)
        }
        let (texts, textProjected, textOutput) = try embed(try TokenBatch(inputs), observing: observing)
        let (images, imageProjected, imageOutput) = try embed(
            try inputs.tensor(named: "pixel_values"), observing: observing)
        let logits = try logits(images: images, texts: texts)
        func states(_ output: EncoderOutput, _ projected: Tensor, _ side: String) -> [NamedTensor] {
            [
                NamedTensor("\(side)_last_hidden_state", output.last),
                NamedTensor("\(side)_pooler_output", projected),
            ] + output.hiddenStates.enumerated().map { NamedTensor("\(side)_hidden_states.\($0.offset)", $0.element) }
                + output.attentions.map { NamedTensor("\(side)_attentions.\($0.layer)", $0.weights) }
        }
        return [
            NamedTensor("logits_per_image", logits), NamedTensor("logits_per_text", logits.transposed(0, 1)),
            NamedTensor("text_embeds", texts), NamedTensor("image_embeds", images),
        ] + states(textOutput, textProjected, "text") + states(imageOutput, imageProjected, "vision")
    }

    /// `text.…`, `text_norm.…`, `text_projection.…`, `image.…`, `image_head.…`, `scale`, and `bias` if there is one.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try text.visit(&visitor, path / "text")
        try textNorm.visit(&visitor, path / "text_norm")
        try textProjection.visit(&visitor, path / "text_projection")
        try image.visit(&visitor, path / "image")
        try imageHead.visit(&visitor, path / "image_head")
        try scale.visit(&visitor, path / "scale")
        try bias.visit(&visitor, path / "bias")
    }
}

extension Tensor {
    /// Every row divided by its length.
    fileprivate func unitRows() throws(ShapeError) -> Tensor {
        self / (try (self * self).sum(axis: -1, keepingAxis: true).squareRoot())
    }
}
