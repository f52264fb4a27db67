import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// A family of vision transformers that is the first one with other heads. All that is the same for every such family is done here.
protocol VisionFamily: ModelFamily {
    /// What classes are called, without the task.
    static var className: String { get }
    /// What the backbone's tensors begin with.
    static var backbone: String { get }
    /// What the vectors before the patches are called.
    static var tokenNames: [String] { get }
    /// The head of a class and how it is spelt, our names beginning with `head`; nil for the bare backbone.
    static func head(
        _ architecture: String, _ size: Int, _ fields: ConfigurationFields
    ) throws -> (ImageHead, CheckpointMap)?
}

extension VisionFamily {
    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        let size = try fields.size("hidden_size")
        let hasPooler = checkpoint.contains("pooler.dense.weight")
        let (head, headNames) =
            try head(architecture, size, fields)
            ?? (.features(hasPooler ? Linear(size, size, key: .blank) : nil), ["head.pooler": "pooler.dense"])
        return try ImageModel(encoder: try encoder(fields, size), head: head).loaded(
            from: checkpoint, headNames + names, backbone: backbone,
            unused: ["*pooler.*", "*mask_token", "decoder.*", "*classifier.*"])
    }

    private static var names: CheckpointMap {
        let tokens = tokenNames.enumerated().map { index, name in
            ("encoder.embeddings.tokens.\(index)", CheckpointMap.Place(stringLiteral: ".embeddings.\(name)"))
        }
        return CheckpointMap(tokens) + [
            "encoder.embeddings.projection": ".embeddings.patch_embeddings.projection",
            "encoder.embeddings.positions": ".embeddings.position_embeddings",
            "encoder.layers.*.self_attention.query": ".encoder.layer.*.attention.attention.query",
            "encoder.layers.*.self_attention.key": ".encoder.layer.*.attention.attention.key",
            "encoder.layers.*.self_attention.value": ".encoder.layer.*.attention.attention.value",
            "encoder.layers.*.self_attention.output": ".encoder.layer.*.attention.output.dense",
            "encoder.layers.*.self_attention_norm": ".encoder.layer.*.layernorm_before",
            "encoder.layers.*.feed_forward.up": ".encoder.layer.*.intermediate.dense",
            "encoder.layers.*.feed_forward.down": ".encoder.layer.*.output.dense",
            "encoder.layers.*.feed_forward_norm": ".encoder.layer.*.layernorm_after",
            "encoder.norm": ".layernorm",
        ]
    }

    /// The encoder without its numbers.
    private static func encoder(_ fields: ConfigurationFields, _ size: Int) throws -> VisionTransformer {
        let sizes = PreNormSizes(
            modelSize: size, headCount: try fields.size("num_attention_heads"),
            feedForwardSize: try fields.size("intermediate_size"), activation: try fields.activation("hidden_act"),
            epsilon: Float(try fields.number("layer_norm_eps", default: 1e-12)),
            dropout: try fields.probability("hidden_dropout_prob"),
            attentionDropout: try fields.probability("attention_probs_dropout_prob"),
            hasBiases: try fields.flag("qkv_bias", default: true))
        return VisionTransformer(
            embeddings: try PatchEmbeddings(
                fields, size, tokens: tokenNames.map { _ in [1, 1, size] }, dropout: sizes.dropout),
            layers: try (0..<(try fields.layerCount("num_hidden_layers"))).map { _ in try sizes.layer() },
            norm: sizes.norm())
    }
}

extension PatchEmbeddings {
    /// Embeddings without their numbers, as configurations of pictures spell their sizes.
    /// - Parameter tokens: the shapes of the vectors before the patches.
    init(
        _ fields: ConfigurationFields, _ size: Int, tokens: [[Int]], hasBias: Bool = true,
        hasPositionsAsMatrix: Bool = false, norm: (any Norm)? = nil, dropout: Float = 0
    ) throws(ConfigurationError) {
        let (image, patch) = (try fields.imageSize("image_size"), try fields.imageSize("patch_size"))
        guard image.height % patch.height == 0, image.width % patch.width == 0 else {
            throw ConfigurationError(
                "image_size", expected: "a multiple of patches of \(patch.height) × \(patch.width)",
                found: "\(image.height) × \(image.width)")
        }
        let channels = try fields.size("num_channels", default: 3)
        let count = tokens.count + image.height / patch.height * (image.width / patch.width)
        self.init(
            imageSize: image, patchSize: patch,
            weight: Parameter(.zeros([size, channels, patch.height, patch.width])),
            bias: hasBias ? Parameter(.zeros([size])) : nil, tokens: tokens.map { Parameter(.zeros(Shape($0))) },
            positions: Parameter(.zeros(hasPositionsAsMatrix ? [count, size] : [1, count, size])), norm: norm,
            dropout: dropout)
    }
}

extension ConfigurationFields {
    /// A height and a width, or one number for both.
    /// - Throws: `ConfigurationError` if it is something else.
    func imageSize(_ name: String) throws(ConfigurationError) -> ImageSize {
        let numbers = try integers(name)
        guard let first = numbers.first, let last = numbers.last, numbers.count <= 2 else {
            throw ConfigurationError(name, expected: "one or two numbers", found: "\(numbers.count)")
        }
        for number in numbers { try ConfigurationError.require(name, number, in: 1...1 << 16) }
        return ImageSize(height: first, width: last)
    }
}
