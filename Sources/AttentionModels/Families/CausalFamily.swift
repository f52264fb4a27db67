import AttentionLayers
import AttentionTensors

/// A family of language models: it says how the decoder is built and how checkpoints spell it. All that is the same for every such family is
/// done here.
public protocol CausalFamily: ModelFamily {
    /// The decoder, without its numbers.
    static func decoder(_ fields: ConfigurationFields) throws -> CausalDecoder
    /// Where its parameters lie, our names beginning with `decoder`.
    static func names(_ fields: ConfigurationFields) throws -> CheckpointMap
    /// What the backbone's tensors begin with in checkpoints with an output map.
    static var backbone: String { get }
    /// How the output map is spelt.
    static var headName: String { get }
    /// Whether the output map is the embeddings unless the configuration says otherwise.
    static var isTied: Bool { get }
    /// The bound of the logits; nil for none.
    static func logitCap(_ fields: ConfigurationFields) throws -> Float?
    /// Whether positions are told apart by turning queries and keys.
    static var turnsPositions: Bool { get }
    /// Names in checkpoints that are nobody's: buffers of old versions.
    static var unused: [String] { get }
}

extension CausalFamily {
    public static var languageModels: (any CausalFamily.Type)? { self }
    public static var backbone: String { "model" }
    public static var headName: String { "lm_head" }
    public static var isTied: Bool { false }
    public static var turnsPositions: Bool { true }
    public static var unused: [String] { [] }
    public static func logitCap(_ fields: ConfigurationFields) throws -> Float? { nil }

    public static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel {
        guard architecture != architectures[0] else {
            return try loaded(CausalBackbone(decoder: try decoder(fields)), fields, checkpoint, \.decoder)
        }
        return try languageModel(fields, checkpoint)
    }

    /// The language model of a folder.
    /// - Throws: `ConfigurationError` or `SafetensorsError` with what does not fit.
    static func languageModel(_ fields: ConfigurationFields, _ checkpoint: Checkpoint) throws -> CausalLanguageModel {
        try loaded(try languageModel(fields), fields, checkpoint, \.decoder)
    }

    /// The language model, without its numbers.
    static func languageModel(_ fields: ConfigurationFields) throws -> CausalLanguageModel {
        let decoder = try decoder(fields)
        let words = decoder.words.weight.shape
        let isTied = try fields.flag("tie_word_embeddings", default: isTied)
        return CausalLanguageModel(
            decoder: decoder, head: isTied ? nil : Linear(words[1], words[0], hasBias: false, key: .blank),
            logitCap: try logitCap(fields))
    }

    /// Where all parameters of the language model lie in folders.
    static func allNames(_ fields: ConfigurationFields) throws -> CheckpointMap {
        let head: CheckpointMap = ["head": .init(stringLiteral: headName)]
        return try head + names(fields)
    }

    private static func loaded<Model: PretrainedModel>(
        _ model: Model, _ fields: ConfigurationFields, _ checkpoint: Checkpoint,
        _ decoder: WritableKeyPath<Model, CausalDecoder>
    ) throws -> Model {
        var loaded = try model.loaded(
            from: checkpoint, allNames(fields, checkpoint), backbone: backbone,
            // A copy of tied embeddings, or a map that the bare backbone has no use for; buffers of old versions.
            unused: [headName + ".*", "*rotary_emb.inv_freq"] + unused + (gguf?.unused ?? []))
        loaded[keyPath: decoder].roundWordScale()
        return loaded
    }
}

extension CausalFamily {
    private static func allNames(_ fields: ConfigurationFields, _ checkpoint: Checkpoint) throws -> CheckpointMap {
        if checkpoint.naming == .gguf, let gguf { return try gguf.names(fields) }
        return try allNames(fields)
    }
}

extension CausalDecoder {
    /// Brings what words are multiplied by to the type in which they are stored, as the reference does.
    fileprivate mutating func roundWordScale() {
        let rounded = Parameter(Tensor.full(wordScale, [1])).stored(as: words.weight.format)
        wordScale = rounded.tensor.values[0]
    }
}
