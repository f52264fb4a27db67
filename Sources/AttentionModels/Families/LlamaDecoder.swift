import AttentionLayers
import AttentionMechanisms
import AttentionTensors

/// The sizes of a decoder as Llama has it: rotary positions, gated feed-forward layers, RMS norms, heads that share keys and values. Its
/// relatives read them with other defaults, or add to it.
struct LlamaDecoder {
    /// What tells positions apart in a layer, and how far it looks back.
    struct Reach {
        var rotation: any Modifier
        /// How many positions, the query's own included; nil for all.
        var window: Int?
    }

    /// Where the norms of a layer's branches stand.
    enum NormPlaces {
        /// Before each branch.
        case before
        /// Behind each branch, before it is added.
        case behind
        /// Both.
        case around
    }

    var vocabularySize: Int
    var modelSize: Int
    var headCount: Int
    var keyHeadCount: Int
    var headSize: Int
    var feedForwardSize: Int
    var activation: Activation
    var epsilon: Float
    var lengthLimit: Int
    /// What the length of a text has to do with how positions are turned.
    var lengthDependence: CausalDecoder.LengthDependence
    /// One for each layer.
    var reaches: [Reach]
    /// Whether the maps to queries, keys and values have biases.
    var queryBias = false
    /// Whether the map behind the heads has one.
    var outputBias = false
    /// Whether those of the feed-forward layers have.
    var feedForwardBias = false
    var normPlaces = NormPlaces.before
    /// What queries and keys are normalised over, before they are turned; nil for not at all.
    var queryKeyNorm: NormModifier.Extent?
    /// What scores are multiplied by; nil for 1 / √(head size).
    var scoreScale: Float?
    /// The bound of scores; nil for none.
    var scoreCap: Float?
    /// What embeddings are multiplied by.
    var wordScale: Float = 1
    var attentionDropout: Float
}

extension LlamaDecoder {
    /// As Llama's configuration spells them.
    init(_ fields: ConfigurationFields, headSize: Int? = nil) throws {
        vocabularySize = try fields.size("vocab_size")
        modelSize = try fields.size("hidden_size")
        headCount = try fields.size("num_attention_heads")
        keyHeadCount = try fields.size("num_key_value_heads", default: headCount)
        guard headCount % keyHeadCount == 0 else {
            throw ConfigurationError(
                "num_key_value_heads", expected: "a divisor of \(headCount) heads", found: "\(keyHeadCount)")
        }
        self.headSize = try fields.size("head_dim", default: headSize ?? max(1, modelSize / headCount))
        feedForwardSize = try fields.size("intermediate_size")
        activation = try fields.activation("hidden_act", default: "silu")
        epsilon = Float(try fields.number("rms_norm_eps", default: 1e-6))
        lengthLimit = try fields.textLength()
        lengthDependence = try fields.lengthDependence()
        attentionDropout = try fields.probability("attention_dropout")
        let rotation = try fields.rotation(headSize: self.headSize)
        reaches = [Reach](
            repeating: Reach(rotation: rotation, window: nil), count: try fields.layerCount("num_hidden_layers"))
    }

    /// All layers look back so far.
    mutating func look(back window: Int?) {
        for layer in reaches.indices { reaches[layer].window = window }
    }

    /// The decoder without its numbers.
    func decoder() throws -> CausalDecoder {
        CausalDecoder(
            words: Embedding(vocabularySize, modelSize, key: .blank), wordScale: wordScale,
            layers: try reaches.map { try layer($0) }, norm: norm(), lengthLimit: lengthLimit,
            lengthDependence: lengthDependence)
    }

    private func layer(_ reach: Reach) throws -> CausalLayer {
        let (querySize, keySize) = (headCount * headSize, keyHeadCount * headSize)
        func map(_ inputs: Int, _ outputs: Int, _ hasBias: Bool) -> Linear {
            Linear(inputs, outputs, hasBias: hasBias, key: .blank)
        }
        return CausalLayer(
            selfAttention: try MultiHeadAttention(
                query: map(modelSize, querySize, queryBias), key: map(modelSize, keySize, queryBias),
                value: map(modelSize, keySize, queryBias), output: map(querySize, modelSize, outputBias),
                mechanism: mechanism(reach), headCount: headCount, keyHeadCount: keyHeadCount),
            selfAttentionResidual: residual(),
            feedForward: FeedForward(
                up: map(modelSize, feedForwardSize, feedForwardBias),
                gate: map(modelSize, feedForwardSize, feedForwardBias),
                down: map(feedForwardSize, modelSize, feedForwardBias), activation: activation),
            feedForwardResidual: residual(), window: reach.window)
    }

    private func mechanism(_ reach: Reach) -> AttentionMechanism {
        let norm = queryKeyNorm.map { extent in
            let (queries, keys) = extent == .head ? (1, 1) : (headCount, keyHeadCount)
            return NormModifier(
                norm: .rms, over: extent, queryGain: .ones([queries * headSize]), keyGain: .ones([keys * headSize]),
                epsilon: epsilon)
        }
        let modifiers: [(any Modifier)?] = [norm, reach.rotation, scoreCap.map { SoftcapModifier.softcap($0) }]
        return AttentionMechanism(
            score: ScaledDotScore(scale: scoreScale), modifiers: modifiers.compactMap(\.self),
            dropout: attentionDropout)
    }

    private func norm() -> RMSNorm { RMSNorm(modelSize, epsilon: epsilon) }

    private func residual() -> Residual {
        switch normPlaces {
        case .before: Residual(norm: norm(), order: .pre)
        case .behind: Residual(norm: nil, order: .pre, branchNorm: norm())
        case .around: Residual(norm: norm(), order: .pre, branchNorm: norm())
        }
    }
}

extension CheckpointMap {
    /// Llama's names.
    static let llama: CheckpointMap = [
        "decoder.words": ".embed_tokens",
        "decoder.layers.*.self_attention.query": ".layers.*.self_attn.q_proj",
        "decoder.layers.*.self_attention.key": ".layers.*.self_attn.k_proj",
        "decoder.layers.*.self_attention.value": ".layers.*.self_attn.v_proj",
        "decoder.layers.*.self_attention.output": ".layers.*.self_attn.o_proj",
        "decoder.layers.*.self_attention.mechanism.modifiers.0.gain_query": ".layers.*.self_attn.q_norm.weight",
        "decoder.layers.*.self_attention.mechanism.modifiers.0.gain_key": ".layers.*.self_attn.k_norm.weight",
        "decoder.layers.*.self_attention_norm": ".layers.*.input_layernorm",
        "decoder.layers.*.feed_forward.gate": ".layers.*.mlp.gate_proj",
        "decoder.layers.*.feed_forward.up": ".layers.*.mlp.up_proj",
        "decoder.layers.*.feed_forward.down": ".layers.*.mlp.down_proj",
        "decoder.layers.*.feed_forward_norm": ".layers.*.post_attention_layernorm",
        "decoder.norm": ".norm",
    ]
}
