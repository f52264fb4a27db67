public import AttentionTensors

/// A model as people publish it: computes what the reference computes, under the reference's names.
public protocol PretrainedModel: Module, HeadedModel {
    /// The tensors that `forward` reads; others are refused.
    static var inputNames: [String] { get }

    /// The outputs for named inputs, in the reference's order.
    /// - Throws: `PretrainedError`, `SafetensorsError` or `ShapeError` if the inputs do not fit.
    func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor]

    /// The same model as one that continues text; nil unless it is one.
    var languageModel: (any LanguageModel)? { get }
    /// The same model as one that writes tokens; nil unless it is one.
    var generator: (any GenerativeModel)? { get }
    /// The same model as one that reads a sequence and writes another; nil unless it is one.
    var sequenceToSequence: (any SequenceToSequence)? { get }
    /// The same model as one that sees pictures; nil unless it is one.
    var imageModel: ImageModel? { get }
    /// The same model as one of texts and pictures in one space; nil unless it is one.
    var contrastiveModel: ContrastiveModel? { get }
    /// The same model as one that says in words what is to be seen; nil unless it is one.
    var captioningModel: CaptioningModel? { get }
    /// The same model as one that finds objects on pictures; nil unless it is one.
    var detectingModel: (any DetectingModel)? { get }
    /// The same model as one that hears and writes; nil unless it is one.
    var speechModel: SpeechEncoderDecoder? { get }
    /// The same model as one that hears samples; nil unless it is one.
    var waveformModel: WaveformModel? { get }
    /// The same model as one that hears spectrograms; nil unless it is one.
    var spectrogramModel: SpectrogramModel? { get }
}

extension PretrainedModel {
    public var languageModel: (any LanguageModel)? { nil }
    public var generator: (any GenerativeModel)? { languageModel }
    public var sequenceToSequence: (any SequenceToSequence)? { nil }
    public var imageModel: ImageModel? { nil }
    public var contrastiveModel: ContrastiveModel? { nil }
    public var captioningModel: CaptioningModel? { nil }
    public var detectingModel: (any DetectingModel)? { nil }
    public var speechModel: SpeechEncoderDecoder? { nil }
    public var waveformModel: WaveformModel? { nil }
    public var spectrogramModel: SpectrogramModel? { nil }
}

/// A tensor and the name the reference gives it.
public struct NamedTensor: Sendable {
    /// Its name: `logits`, `hidden_states.0`.
    public let name: String
    /// Its numbers.
    public let tensor: Tensor

    /// A tensor of this name.
    public init(_ name: String, _ tensor: Tensor) { (self.name, self.tensor) = (name, tensor) }
}

/// What is to be kept besides the output. Nothing costs anything unless it is asked for: attention runs fused, and the weights of the chosen
/// heads are computed beside it.
public struct Observation: Sendable, Hashable {
    /// What every layer gives on, `hidden_states.N`; 0 is what the first layer reads.
    public var hiddenStates: Bool
    /// Where heads look, `attentions.N`.
    public var attentions: AttentionSelection

    /// An observation of these.
    public init(hiddenStates: Bool = false, attentions: AttentionSelection = .none) {
        (self.hiddenStates, self.attentions) = (hiddenStates, attentions)
    }

    /// Nothing but the output.
    public static let nothing = Observation()
}

extension PretrainedModel {
    /// Refuses tensors that the model does not read: a misspelt `attention_mask` would change the result in silence.
    /// - Throws: `PretrainedError.unknownInput`.
    public static func checkNames(of inputs: SafetensorsFile) throws(PretrainedError) {
        try checkNames(of: inputs, among: inputNames)
    }

    /// The same where not all models of a kind read the same.
    /// - Throws: `PretrainedError.unknownInput`.
    static func checkNames(of inputs: SafetensorsFile, among known: [String]) throws(PretrainedError) {
        guard let other = inputs.names.first(where: { !known.contains($0) }) else { return }
        throw .unknownInput(other, source: inputs.source, known: known)
    }
}
