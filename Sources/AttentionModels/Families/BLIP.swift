public import AttentionDecoding
import AttentionLayers
import AttentionTensors

/// BLIP (Li et al. 2022, *Bootstrapping Language-Image Pre-training*) where it captions: a vision transformer, and BERT as a decoder that looks
/// at what it made.
public enum BLIP: ModelFamily {
    public static let modelTypes = ["blip"]
    public static let architectures = ["BlipForConditionalGeneration"]

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        let (text, vision) = (try part("text_config", fields), try part("vision_config", fields))
        let sizes = PreNormSizes(
            modelSize: try vision.size("hidden_size"), headCount: try vision.size("num_attention_heads"),
            feedForwardSize: try vision.size("intermediate_size"), activation: try vision.activation("hidden_act"),
            epsilon: Float(try vision.number("layer_norm_eps", default: 1e-5)),
            attentionDropout: try vision.probability("attention_dropout"))
        var writing = try PostNormEncoder(text)
        writing.typeCount = 0
        let model = CaptioningModel(
            encoder: VisionTransformer(
                embeddings: try PatchEmbeddings(vision, sizes.modelSize, tokens: [[1, 1, sizes.modelSize]]),
                layers: try (0..<(try vision.layerCount("num_hidden_layers"))).map { _ in try sizes.layer() },
                norm: sizes.norm()),
            bridge: nil,
            decoder: try writing.textDecoder(
                sourceSize: sizes.modelSize, isTied: try text.flag("tie_word_embeddings", default: true)),
            form: .textOfPicture)
        return try model.loaded(
            from: checkpoint,
            names + (CheckpointMap.bertOutput + .bertDecoder).within("text_decoder", backbone: "bert"), backbone: "",
            unused: ["*position_ids", "text_decoder.cls.predictions.decoder.*"])
    }

    private static func part(_ name: String, _ fields: ConfigurationFields) throws -> ConfigurationFields {
        guard let part = try fields.part(name) else {
            throw ConfigurationError(name, expected: "an object", found: "none")
        }
        return part
    }

    /// A caption begins with an id of its own, and ends with what separates texts elsewhere.
    public static func generation(
        _ said: GenerationConfiguration?, _ fields: ConfigurationFields
    ) throws -> GenerationConfiguration {
        let text = try part("text_config", fields)
        var generation = try said ?? GenerationConfiguration(text)
        generation.startToken = try text.integer("bos_token_id", default: 30_522)
        generation.endTokens = [try text.integer("sep_token_id", default: 102)]
        return generation
    }

    private static let names: CheckpointMap = [
        "encoder.embeddings.tokens.0": "vision_model.embeddings.class_embedding",
        "encoder.embeddings.positions": "vision_model.embeddings.position_embedding",
        "encoder.embeddings.projection": "vision_model.embeddings.patch_embedding",
        "encoder.layers.*.self_attention.query": .rows("vision_model.encoder.layers.*.self_attn.qkv", 0, of: 3),
        "encoder.layers.*.self_attention.key": .rows("vision_model.encoder.layers.*.self_attn.qkv", 1, of: 3),
        "encoder.layers.*.self_attention.value": .rows("vision_model.encoder.layers.*.self_attn.qkv", 2, of: 3),
        "encoder.layers.*.self_attention.output": "vision_model.encoder.layers.*.self_attn.projection",
        "encoder.layers.*.self_attention_norm": "vision_model.encoder.layers.*.layer_norm1",
        "encoder.layers.*.feed_forward.up": "vision_model.encoder.layers.*.mlp.fc1",
        "encoder.layers.*.feed_forward.down": "vision_model.encoder.layers.*.mlp.fc2",
        "encoder.layers.*.feed_forward_norm": "vision_model.encoder.layers.*.layer_norm2",
        "encoder.norm": "vision_model.post_layernorm",
    ]
}
