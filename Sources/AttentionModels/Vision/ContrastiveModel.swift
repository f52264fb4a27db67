public import AttentionLayers
public import AttentionTensors

/// Texts and pictures as vectors of one space, in which those that belong together are near each other (Radford et al. 2021, *Learning
/// Transferable Visual Models From Natural Language Supervision*, figure 3):
///
///     t = T(text) / |T(text)|,  i = I(picture) / |I(picture)|,  logits = eˢ i tᵀ
public struct ContrastiveModel: PretrainedModel {
    /// Reads texts, each id only those before it.
    public var text: BidirectionalEncoder
    /// The norm behind it.
    public var textNorm: LayerNorm
    /// Maps the vector of a text into the common space.
    public var textProjection: Linear
    /// Reads pictures.
    public var image: VisionTransformer
    /// The norm of the vector of a picture.
    public var imageNorm: LayerNorm
    /// Maps the vector of a picture into the common space.
    public var imageProjection: Linear
    /// s, one number.
    public var scale: Parameter
    /// The id at which a text is read: where it stands first; nil: where the largest id stands, as in old configurations.
    public let endToken: Int?

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
        let place = endToken.map { ids.firstIndex(of: $0) ?? ids.startIndex } ?? ids.indices.max { ids[$0] < ids[$1] }
        return (place ?? ids.startIndex) - ids.startIndex
    }

    /// Pictures [B, C, height, width] → vectors [B, D] of length 1, the same before, and what the encoder made of the pictures.
    /// - Throws: `ShapeError` if the pictures have another size.
    public func embed(
        _ images: Tensor, observing: Observation = .nothing
    ) throws(ShapeError) -> (vectors: Tensor, projected: Tensor, output: EncoderOutput) {
        let encoded = try image.encode(images, observing: observing)
        let projected = try imageProjection(try imageNorm(try encoded.last.first()))
        return (try projected.unitRows(), projected, encoded)
    }

    /// How well each of the pictures [I, D] goes with each of the texts [T, D], [I, T]: logits of a softmax over texts.
    /// - Throws: `ShapeError` if the vectors are not of one space.
    public func logits(images: Tensor, texts: Tensor) throws(ShapeError) -> Tensor {
        try matmul(images, texts.transposed(0, 1)) * scale.tensor.exponential()
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
            NamedTensor("logits_per_image", logits), NamedTensor("logits_per_text", try logits.transposed(0, 1)),
            NamedTensor("text_embeds", texts), NamedTensor("image_embeds", images),
        ] + states(textOutput, textProjected, "text") + states(imageOutput, imageProjected, "vision")
    }

    /// `text.…`, `text_norm.…`, `text_projection.…`, the same of `image`, and `scale`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try text.visit(&visitor, path / "text")
        try textNorm.visit(&visitor, path / "text_norm")
        try textProjection.visit(&visitor, path / "text_projection")
        try image.visit(&visitor, path / "image")
        try imageNorm.visit(&visitor, path / "image_norm")
        try imageProjection.visit(&visitor, path / "image_projection")
        try scale.visit(&visitor, path / "scale")
    }
}

extension Tensor {
    /// Every row divided by its length.
    fileprivate func unitRows() throws(ShapeError) -> Tensor {
        self / (try (self * self).sum(axis: -1, keepingAxis: true).squareRoot())
    }
}
