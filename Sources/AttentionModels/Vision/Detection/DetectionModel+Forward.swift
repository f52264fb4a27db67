import AttentionLayers
public import AttentionTensors

extension DetectionModel: DetectingModel {
    public static var inputNames: [String] { ["pixel_values", "pixel_mask"] }

    public var detectingModel: (any DetectingModel)? { self }

    public var layerCount: Int { decoder.count }

    /// The heads of the encoder or the decoder, whichever has fewer.
    public var headCount: Int {
        min(encoder.first?.selfAttention.headCount ?? 0, decoder.first?.crossAttention.headCount ?? 0)
    }

    /// The shares of the classes without that of nothing.
    public func find(
        _ images: Tensor, present: [Bool]?, observing: AttentionSelection
    ) throws(ShapeError) -> FoundObjects {
        let output = try self(images, present: present, observing: Observation(attentions: observing))
        return FoundObjects(
            scores: try output.logits.softmax().sliced(axis: 2, 0..<labels.count), boxes: output.boxes,
            attentions: output.sourceAttentions, grid: output.grid)
    }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try Self.checkNames(of: inputs)
        try observing.attentions.check(layerCount: max(encoder.count, decoder.count), headCount: headCount)
        let images = try inputs.tensor(named: "pixel_values")
        let output = try self(images, present: try Self.mask(inputs, of: images.shape), observing: observing)
        func numbered(_ name: String, _ tensors: [Tensor]) -> [NamedTensor] {
            tensors.enumerated().map { NamedTensor("\(name).\($0.offset)", $0.element) }
        }
        func weights(_ name: String, _ layers: [LayerAttention]) -> [NamedTensor] {
            layers.map { NamedTensor("\(name).\($0.layer)", $0.weights) }
        }
        return [
            NamedTensor("logits", output.logits), NamedTensor("pred_boxes", output.boxes),
            NamedTensor("last_hidden_state", output.last),
        ] + numbered("decoder_hidden_states", output.hiddenStates)
            + weights("decoder_attentions", output.slotAttentions)
            + weights("cross_attentions", output.sourceAttentions)
            + [NamedTensor("encoder_last_hidden_state", output.encoded.last)]
            + numbered("encoder_hidden_states", output.encoded.hiddenStates)
            + weights("encoder_attentions", output.encoded.attentions)
    }

    private static func mask(_ inputs: SafetensorsFile, of images: Shape) throws -> [Bool]? {
        guard inputs.contains("pixel_mask") else { return nil }
        let shape = try inputs.shape(of: "pixel_mask")
        guard images.rank == 4, shape == [images[0], images[2], images[3]] else {
            throw PretrainedError.badInput(
                "pixel_mask", source: inputs.source, expected: "an entry for each pixel of \(images)", found: "\(shape)"
            )
        }
        return try inputs.integers(named: "pixel_mask").map { $0 != 0 }
    }
}
