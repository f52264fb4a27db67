import AttentionLayers
public import AttentionTensors

extension PlaceDetectionModel: DetectingModel {
    public static var inputNames: [String] { ["pixel_values"] }

    public var detectingModel: (any DetectingModel)? { self }

    public var layerCount: Int { decoder.count }
    /// The heads of each layer.
    public var headCount: Int { decoder.first?.crossAttention.headCount ?? 0 }

    /// What the last layer answers. Pictures are seen as a whole: all pixels must be real.
    public func find(
        _ images: Tensor, present: [Bool]?, observing: AttentionSelection
    ) throws(ShapeError) -> FoundObjects {
        guard present?.allSatisfy(\.self) ?? true else {
            throw ShapeError(
                "PlaceDetectionModel", expected: "pictures of one size", found: "some that are filled up",
                wayOut: "let the processor bring them to one size")
        }
        return try self(images, observing: observing).found
    }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        try observing.attentions.check(layerCount: max(encoder.count, decoder.count), headCount: headCount)
        let output = try self(try inputs.tensor(named: "pixel_values"), observing: observing.attentions)
        func weights(_ name: String, _ layers: [LayerAttention]) -> [NamedTensor] {
            layers.map { NamedTensor("\(name).\($0.layer)", $0.weights) }
        }
        let last = decoder.count
        let earlier = (0..<last).flatMap { index in
            [
                NamedTensor("auxiliary_logits.\(index)", output.logits[index]),
                NamedTensor("auxiliary_boxes.\(index)", output.boxes[index]),
            ]
        }
        return [
            NamedTensor("logits", output.logits[last]), NamedTensor("pred_boxes", output.boxes[last]),
            NamedTensor("encoder_last_hidden_state", output.encoded.last),
        ] + earlier + weights("encoder_attentions", output.encoded.attentions)
            + weights("decoder_attentions", output.slotAttentions)
            + weights("cross_attentions", output.sourceAttentions)
    }
}

extension PlaceDetectionModel.Output {
    /// What the last layer answers.
    public var found: FoundObjects {
        FoundObjects(
            scores: logits[logits.count - 1].sigmoid(), boxes: boxes[boxes.count - 1], attentions: sourceAttentions,
            grid: grid)
    }
}
