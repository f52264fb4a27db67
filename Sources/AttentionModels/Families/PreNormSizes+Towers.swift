import AttentionLayers
import AttentionMechanisms
import AttentionTensors

extension PreNormSizes {
    /// As CLIP's configuration spells those of one side; its relatives have other activations and ε where nothing is said.
    init(
        tower fields: ConfigurationFields, activation: String = "quick_gelu", epsilon: Double = 1e-5
    ) throws(ConfigurationError) {
        self.init(
            modelSize: try fields.size("hidden_size"), headCount: try fields.size("num_attention_heads"),
            feedForwardSize: try fields.size("intermediate_size"),
            activation: try fields.activation("hidden_act", default: activation),
            epsilon: Float(try fields.number("layer_norm_eps", default: epsilon)),
            attentionDropout: try fields.probability("attention_dropout"))
    }

    /// As many layers as one side has, without their numbers.
    func layers(
        _ fields: ConfigurationFields, scope: some Scope = .global
    ) throws -> [TransformerEncoderLayer] {
        try (0..<(try fields.layerCount("num_hidden_layers"))).map { _ in try layer(scope: scope) }
    }
}

extension CheckpointMap {
    /// CLIP's names of the layers of one side.
    static func towerLayers(_ ours: String, _ theirs: String) -> CheckpointMap {
        let (ours, theirs) = ("\(ours).layers.*.", "\(theirs).encoder.layers.*.")
        let names = [
            ("self_attention.query", "self_attn.q_proj"), ("self_attention.key", "self_attn.k_proj"),
            ("self_attention.value", "self_attn.v_proj"), ("self_attention.output", "self_attn.out_proj"),
            ("self_attention_norm", "layer_norm1"), ("feed_forward.up", "mlp.fc1"), ("feed_forward.down", "mlp.fc2"),
            ("feed_forward_norm", "layer_norm2"),
        ]
        return CheckpointMap(names.map { (ours + $0.0, CheckpointMap.Place(stringLiteral: theirs + $0.1)) })
    }
}
