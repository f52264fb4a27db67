import AttentionFiles
import AttentionLayers
import AttentionTensors

/// The Decision Transformer (Chen et al. 2021) as published with a GPT-2 inside.
public enum DecisionTransformer: ModelFamily {
    public static let modelTypes = ["decision_transformer"]
    public static let architectures = ["DecisionTransformerModel"]

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        let size = try fields.size("hidden_size", default: 128)
        let states = try fields.size("state_dim", default: 17)
        let actions = try fields.size("act_dim", default: 4)
        let inner = try inner(fields, size)
        let model = TrajectoryModel(
            returnEmbedding: Linear(1, size, key: .blank), stateEmbedding: Linear(states, size, key: .blank),
            actionEmbedding: Linear(actions, size, key: .blank),
            timestepEmbedding: Embedding(try fields.size("max_ep_len", default: 4096), size, key: .blank),
            // The reference's own default, whatever the configuration says of the other norms.
            embeddingNorm: LayerNorm(size, epsilon: 1e-5), decoder: try GPT2.decoder(inner),
            stateHead: Linear(size, states, key: .blank), actionHead: Linear(size, actions, key: .blank),
            returnHead: Linear(size, 1, key: .blank), boundsActions: try fields.flag("action_tanh", default: true))
        return try model.loaded(
            from: checkpoint, names + GPT2.names(inner), backbone: "encoder", unused: GPT2.unused.map { "encoder" + $0 }
        )
    }

    /// The configuration of the GPT-2 inside, whose defaults are others.
    private static func inner(_ fields: ConfigurationFields, _ size: Int) throws -> ConfigurationFields {
        let defaults = [
            JSONMember("n_layer", 3), JSONMember("n_head", 1), JSONMember("vocab_size", 1),
            JSONMember("activation_function", "relu"),
        ]
        return fields.replacing(
            defaults.filter { !fields.has($0.key) } + [JSONMember("n_embd", .number(JSONNumber(size)))])
    }

    private static let names: CheckpointMap = [
        "return_embedding": "embed_return", "state_embedding": "embed_state", "action_embedding": "embed_action",
        "timestep_embedding": "embed_timestep", "embedding_norm": "embed_ln", "state_head": "predict_state",
        "action_head": "predict_action.0", "return_head": "predict_return",
    ]
}
