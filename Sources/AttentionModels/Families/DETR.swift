import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// DETR (Carion et al. 2020), on a ResNet of transformers or of timm.
public enum DETR: ModelFamily {
    public static let modelTypes = ["detr"]
    public static let architectures = ["DetrForObjectDetection"]

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        let positions = try fields.string("position_embedding_type", default: "sine")
        guard positions == "sine" else {
            throw ConfigurationError("position_embedding_type", expected: "sine", found: positions)
        }
        let size = try fields.size("d_model", default: 256)
        guard size % 4 == 0 else { throw ConfigurationError("d_model", expected: "a multiple of 4", found: "\(size)") }
        let (backbone, isTimm) = try backbone(fields)
        let network = backbone.network()
        let labels = try fields.labels()
        func map(_ outputSize: Int) -> Linear { Linear(size, outputSize, key: .blank) }
        let model = DetectionModel(
            backbone: network,
            projection: Convolution2D(network.channelCount, size, size: (1, 1), key: .blank),
            positions: SinePositions2D(size: size), encoder: try encoder(fields, size),
            slots: Parameter(.zeros([try fields.size("num_queries", default: 100), size])),
            decoder: try decoder(fields, size), decoderNorm: LayerNorm(size), classes: map(labels.count + 1),
            boxes: [map(size), map(size), map(4)], labels: labels)
        let places = ["model.backbone.conv_encoder.model", "model.backbone.model"]
        let place = places.first { place in checkpoint.names.contains { $0.hasPrefix(place + ".") } } ?? places[0]
        return try model.loaded(
            from: checkpoint, names + (isTimm ? .timmResNet(place) : .resNet(place)), backbone: "model",
            unused: ["*num_batches_tracked", place + ".fc.*"])
    }

    private static func backbone(_ fields: ConfigurationFields) throws -> (sizes: ResNetSizes, isTimm: Bool) {
        let part = try fields.part("backbone_config")
        if let part, try part.string("model_type", default: "resnet") == "resnet" {
            return (try ResNetSizes(part), false)
        }
        guard let name = try fields.strings("backbone").first ?? part?.strings("backbone").first else {
            throw ConfigurationError(
                "backbone_config", expected: "a ResNet, or the name of one as backbone", found: "none")
        }
        return (
            try ResNetSizes(
                named: name, channelCount: try fields.size("num_channels", default: 3),
                isDilated: try fields.flag("dilation", default: false)), true
        )
    }

    private static func encoder(_ fields: ConfigurationFields, _ size: Int) throws -> [TransformerEncoderLayer] {
        let side = try BartSizes.Side("encoder", fields)
        let (activation, dropout) = (try activation(fields), try fields.probability("dropout"))
        func residual() -> Residual { Residual(size, order: .post, dropout: dropout) }
        return (0..<side.layerCount).map { _ in
            TransformerEncoderLayer(
                selfAttention: attention(side, size), selfAttentionResidual: residual(),
                feedForward: FeedForward(size, side.feedForwardSize, activation: activation, key: .blank),
                feedForwardResidual: residual())
        }
    }

    private static func decoder(_ fields: ConfigurationFields, _ size: Int) throws -> [ObjectDecoderLayer] {
        let side = try BartSizes.Side("decoder", fields)
        let (activation, dropout) = (try activation(fields), try fields.probability("dropout"))
        func residual() -> Residual { Residual(size, order: .post, dropout: dropout) }
        return (0..<side.layerCount).map { _ in
            ObjectDecoderLayer(
                selfAttention: attention(side, size), selfAttentionResidual: residual(),
                crossAttention: attention(side, size), crossAttentionResidual: residual(),
                feedForward: FeedForward(size, side.feedForwardSize, activation: activation, key: .blank),
                feedForwardResidual: residual())
        }
    }

    private static func activation(_ fields: ConfigurationFields) throws -> Activation {
        try fields.activation("activation_function", default: "relu")
    }

    private static func attention(_ side: BartSizes.Side, _ size: Int) -> MultiHeadAttention {
        MultiHeadAttention(size, headCount: side.headCount, mechanism: AttentionMechanism(), key: .blank)
    }

    private static let names: CheckpointMap =
        [
            "projection": ".input_projection",
            "slots": ".query_position_embeddings.weight",
            "decoder_norm": ".decoder.layernorm",
            "classes": "class_labels_classifier",
            "boxes.*": "bbox_predictor.layers.*",
        ] + layers("encoder", [("self_attention", "self_attn")])
        + layers("decoder", [("self_attention", "self_attn"), ("cross_attention", "encoder_attn")])

    private static func layers(_ side: String, _ attentions: [(ours: String, theirs: String)]) -> CheckpointMap {
        let (ours, theirs) = ("\(side).*", ".\(side).layers.*")
        var rules: [(String, String)] = []
        for attention in attentions {
            for (map, name) in [
                ("query", "q_proj"), ("key", "k_proj"), ("value", "v_proj"), ("output", "out_proj"),
            ] {
                rules.append(("\(ours).\(attention.ours).\(map)", "\(theirs).\(attention.theirs).\(name)"))
            }
            rules.append(("\(ours).\(attention.ours)_norm", "\(theirs).\(attention.theirs)_layer_norm"))
        }
        rules += [
            ("\(ours).feed_forward.up", "\(theirs).fc1"), ("\(ours).feed_forward.down", "\(theirs).fc2"),
            ("\(ours).feed_forward_norm", "\(theirs).final_layer_norm"),
        ]
        return CheckpointMap(rules.map { ($0.0, CheckpointMap.Place(stringLiteral: $0.1)) })
    }
}
