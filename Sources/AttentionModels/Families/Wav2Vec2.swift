import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// wav2vec 2.0 (Baevski et al. 2020), and XLS-R and MMS, which are the same in more languages.
public enum Wav2Vec2: WaveformFamily {
    public static let modelTypes = ["wav2vec2"]
    public static let className = "Wav2Vec2"
    public static let backbone = "wav2vec2"
}

/// HuBERT (Hsu et al. 2021): the same network, taught otherwise.
public enum Hubert: WaveformFamily {
    public static let modelTypes = ["hubert"]
    public static let className = "Hubert"
    public static let backbone = "hubert"
}

/// A family of encoders of samples. All that is the same for every such family is done here.
protocol WaveformFamily: ModelFamily {
    /// What classes are called, without the task.
    static var className: String { get }
    /// What the backbone's tensors begin with.
    static var backbone: String { get }
}

extension WaveformFamily {
    public static var architectures: [String] { [className + "Model", className + "ForCTC"] }

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        let isOld = [backbone + ".", ""].contains { checkpoint.contains($0 + "encoder.pos_conv_embed.conv.weight_g") }
        return try model(architecture, fields).loaded(
            from: checkpoint, names(isOld: isOld), backbone: backbone,
            unused: ["*masked_spec_embed", "lm_head.*", "*quantizer.*", "project_*"])
    }

    /// A model of this architecture without its numbers.
    static func model(_ architecture: String, _ fields: ConfigurationFields) throws -> WaveformModel {
        for name in ["add_adapter", "conv_pos_batch_norm"] {
            guard try !fields.flag(name, default: false) else {
                throw ConfigurationError(name, expected: "false", found: "true")
            }
        }
        let encoder = try encoder(fields)
        let head: WaveformModel.Head =
            architecture.hasSuffix("ForCTC")
            ? .characters(Linear(encoder.modelSize, try fields.size("vocab_size"), key: .blank)) : .features
        return WaveformModel(encoder: encoder, head: head)
    }

    /// Where each parameter lies; in checkpoints from before torch 2 the two halves of a normed weight have other names.
    static func names(isOld: Bool) -> CheckpointMap {
        let convolution = ".encoder.pos_conv_embed.conv."
        let weight = convolution + (isOld ? "weight_" : "parametrizations.weight.original")
        return CheckpointMap([
            ("encoder.positions.size", .init(stringLiteral: weight + (isOld ? "g" : "0"))),
            ("encoder.positions.direction", .init(stringLiteral: weight + (isOld ? "v" : "1"))),
            ("encoder.positions.bias", .init(stringLiteral: convolution + "bias")),
        ]) + [
            "encoder.features.blocks.*.convolution": ".feature_extractor.conv_layers.*.conv",
            "encoder.features.blocks.*.norm": ".feature_extractor.conv_layers.*.layer_norm",
            "encoder.feature_norm": ".feature_projection.layer_norm",
            "encoder.projection": ".feature_projection.projection",
            "encoder.layers.*.self_attention.query": ".encoder.layers.*.attention.q_proj",
            "encoder.layers.*.self_attention.key": ".encoder.layers.*.attention.k_proj",
            "encoder.layers.*.self_attention.value": ".encoder.layers.*.attention.v_proj",
            "encoder.layers.*.self_attention.output": ".encoder.layers.*.attention.out_proj",
            "encoder.layers.*.self_attention_norm": ".encoder.layers.*.layer_norm",
            "encoder.layers.*.feed_forward.up": ".encoder.layers.*.feed_forward.intermediate_dense",
            "encoder.layers.*.feed_forward.down": ".encoder.layers.*.feed_forward.output_dense",
            "encoder.layers.*.feed_forward_norm": ".encoder.layers.*.final_layer_norm",
            "encoder.norm": ".encoder.layer_norm",
            "head.output": "lm_head",
        ]
    }

    /// The encoder without its numbers.
    private static func encoder(_ fields: ConfigurationFields) throws -> WaveformEncoder {
        let (size, heads) = (try fields.size("hidden_size"), try fields.size("num_attention_heads"))
        try ConfigurationError.require("hidden_size", size, ofHeads: heads)
        let order: NormOrder = try fields.flag("do_stable_layer_norm", default: false) ? .pre : .post
        let epsilon = Float(try fields.number("layer_norm_eps", default: 1e-5))
        let dropout = try fields.probability("hidden_dropout")
        let features = try features(fields, epsilon)
        let featureSize = features.blocks.last?.convolution.weight.shape[0] ?? 0
        let hiddenSize = try fields.size("intermediate_size")
        let activation = try fields.activation("hidden_act")
        let attentionDropout = try fields.probability("attention_dropout")
        func residual() -> Residual {
            Residual(norm: LayerNorm(size, epsilon: epsilon), order: order, dropout: dropout)
        }
        func layer() -> TransformerEncoderLayer {
            TransformerEncoderLayer(
                selfAttention: MultiHeadAttention(
                    size, headCount: heads, mechanism: AttentionMechanism(dropout: attentionDropout), key: .blank),
                selfAttentionResidual: residual(),
                feedForward: FeedForward(size, hiddenSize, activation: activation, key: .blank),
                feedForwardResidual: residual())
        }
        return WaveformEncoder(
            features: features,
            featureNorm: try fields.flag("feat_proj_layer_norm", default: true)
                ? LayerNorm(featureSize, epsilon: epsilon) : nil,
            projection: Linear(featureSize, size, key: .blank), positions: try positions(fields, size),
            layers: (0..<(try fields.layerCount("num_hidden_layers"))).map { _ in layer() },
            norm: LayerNorm(size, epsilon: epsilon), order: order, dropout: dropout)
    }

    private static func positions(
        _ fields: ConfigurationFields, _ size: Int
    ) throws(ConfigurationError) -> ConvolutionalPositions {
        let width = try fields.size("num_conv_pos_embeddings", default: 128)
        let groups = try fields.size("num_conv_pos_embedding_groups", default: 16)
        guard size % groups == 0 else {
            throw ConfigurationError(
                "num_conv_pos_embedding_groups", expected: "a divisor of \(size)", found: "\(groups)")
        }
        return ConvolutionalPositions(
            size: Parameter(.zeros([1, 1, width])), direction: Parameter(.zeros([size, size / groups, width])),
            bias: Parameter(.zeros([size])), groupCount: groups,
            activation: try fields.activation("feat_extract_activation"))
    }

    private static func features(
        _ fields: ConfigurationFields, _ epsilon: Float
    ) throws(ConfigurationError) -> WaveformFeatures {
        let (sizes, kernels) = (try fields.integers("conv_dim"), try fields.integers("conv_kernel"))
        let strides = try fields.integers("conv_stride")
        guard !sizes.isEmpty, sizes.count == kernels.count, sizes.count == strides.count else {
            throw ConfigurationError(
                "conv_dim", expected: "as many sizes as conv_kernel and conv_stride",
                found: "\(sizes.count), \(kernels.count) and \(strides.count)")
        }
        for (name, numbers) in [("conv_dim", sizes), ("conv_kernel", kernels), ("conv_stride", strides)] {
            for number in numbers { try ConfigurationError.require(name, number, in: 1...1 << 16) }
        }
        let kind = try fields.string("feat_extract_norm", default: "group")
        guard ["group", "layer"].contains(kind) else {
            throw ConfigurationError("feat_extract_norm", expected: "group or layer", found: kind)
        }
        let hasBias = try fields.flag("conv_bias", default: false)
        let blocks = sizes.indices.map { index in
            let norm: WaveformFeatures.BlockNorm =
                kind == "layer"
                ? .moments(LayerNorm(sizes[index]))
                : index == 0 ? .channels(GroupNorm(sizes[0], groupCount: sizes[0])) : .none
            return WaveformFeatures.Block(
                convolution: Convolution1D(
                    index == 0 ? 1 : sizes[index - 1], sizes[index], size: kernels[index], hasBias: hasBias,
                    stride: strides[index], key: .blank), norm: norm)
        }
        return WaveformFeatures(blocks: blocks, activation: try fields.activation("feat_extract_activation"))
    }
}
