public import AttentionReinforcement
import AttentionTensors
import CAttentionAssets

extension PolicyFolder {
    /// The small policy for an environment that is compiled into the program; see `docs/results/reinforcement.md` for how it was made.
    /// - Throws: only if the program itself is damaged.
    public static func standard(_ name: EnvironmentName) throws -> PolicyFolder {
        let (configuration, weights) =
            switch name {
            case .cartPole: (attn_cart_pole_policy_configuration(), attn_cart_pole_policy_weights())
            case .keyToDoor: (attn_key_door_policy_configuration(), attn_key_door_policy_weights())
            case .memoryMaze: (attn_memory_policy_configuration(), attn_memory_policy_weights())
            }
        let source = "the policy inside the program"
        return try PolicyFolder(configuration: Array(configuration.buffer), source: source) {
            try SafetensorsFile(permanent: weights.buffer, source: source)
        }
    }
}
