public import AttentionDecoding

/// A kind of model that people publish: how its configuration is read, how it is built, and where its parameters lie.
///
/// One file a family, one line in `ModelFamilies.all`; nothing else asks which family a model is of.
public protocol ModelFamily: Sendable {
    /// What `model_type` says in configurations of this family.
    static var modelTypes: [String] { get }
    /// The classes that `architectures` may name; the first is the bare backbone.
    static var architectures: [String] { get }
    /// The model of a folder, as the class of this name.
    /// - Throws: `ConfigurationError` or `SafetensorsError` with what does not fit.
    static func model(
        _ architecture: String, _ fields: ConfigurationFields, _ checkpoint: Checkpoint
    ) throws -> any PretrainedModel
    /// The same family as one of text encoders; nil unless it is one.
    static var encoders: (any EncoderFamily.Type)? { get }
    /// The same family as one of language models; nil unless it is one.
    static var languageModels: (any CausalFamily.Type)? { get }
    /// The same family as one that reads one text and writes another; nil unless it is one.
    static var encoderDecoders: (any EncoderDecoderFamily.Type)? { get }
    /// How GGUF files have models of this family; nil if they have none that is read here.
    static var gguf: GGUFForm? { get }
    /// How models of this family generate: as `generation_config.json` says, or, without one, the configuration.
    /// - Throws: `ConfigurationError` if a setting is of the wrong kind.
    static func generation(
        _ said: GenerationConfiguration?, _ fields: ConfigurationFields
    ) throws -> GenerationConfiguration
}

extension ModelFamily {
    public static var encoders: (any EncoderFamily.Type)? { nil }
    public static var languageModels: (any CausalFamily.Type)? { nil }
    public static var encoderDecoders: (any EncoderDecoderFamily.Type)? { nil }
    public static var gguf: GGUFForm? { nil }
    public static func generation(
        _ said: GenerationConfiguration?, _ fields: ConfigurationFields
    ) throws -> GenerationConfiguration {
        try said ?? GenerationConfiguration(fields)
    }
}

/// The families that are known.
public enum ModelFamilies {
    /// All of them, one line each.
    public static let all: [any ModelFamily.Type] = [
        Bert.self,
        Roberta.self,
        DistilBert.self,
        MPNet.self,
        Albert.self,
        Electra.self,
        DebertaV2.self,
        ModernBert.self,
        T5.self,
        Bart.self,
        MBart.self,
        Pegasus.self,
        Marian.self,
        M2M100.self,
        GPT2.self,
        GPTNeoX.self,
        Llama.self,
        Mistral.self,
        Qwen2.self,
        Qwen3.self,
        Gemma2.self,
        Gemma3.self,
        Phi3.self,
        Olmo2.self,
        MPT.self,
        ViT.self,
        DeiT.self,
        Swin.self,
        DINOv2.self,
        CCT.self,
        AttentiveCNN.self,
        CLIP.self,
        SigLIP.self,
        VisionEncoderDecoder.self,
        BLIP.self,
        DETR.self,
        PlaceDETR.self,
        Whisper.self,
        DecisionTransformer.self,
        Wav2Vec2.self,
        Hubert.self,
        AST.self,
    ]

    /// What `model_type` may say.
    public static var modelTypes: [String] { all.flatMap { $0.modelTypes }.sorted() }
}
