import AttentionLayers
import AttentionTensors

/// A family whose decoder may stand behind an encoder of something else: it writes while it looks at vectors that it knows nothing of.
protocol WritingDecoderFamily: Sendable {
    /// What `model_type` says in its configurations.
    static var modelTypes: [String] { get }
    /// What the backbone's tensors begin with where the decoder stands alone.
    static var backbone: String { get }
    /// The decoder, without its numbers.
    static func textDecoder(_ fields: ConfigurationFields) throws -> TextDecoder<TransformerDecoderLayer>
    /// Where its parameters lie, our names beginning with `decoder`.
    static var textDecoderNames: CheckpointMap { get }
}

extension ConfigurationFields {
    /// The size of the vectors that a decoder looks at: its own, unless the configuration says otherwise.
    func sourceSize(_ modelSize: Int) throws(ConfigurationError) -> Int {
        try size("cross_attention_hidden_size", default: modelSize)
    }
}
