public import AttentionTensors

/// A model as people publish it: computes what the reference computes, under the reference's names.
public protocol PretrainedModel: Module {
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
}

extension PretrainedModel {
    public var languageModel: (any LanguageModel)? { nil }
    public var generator: (any GenerativeModel)? { languageModel }
    public var sequenceToSequence: (any SequenceToSequence)? { nil }
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

/// What is to be kept besides the output. Nothing costs anything unless it is asked for: without weights, attention runs fused.
public struct Observation: OptionSet, Sendable, Hashable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// What every layer gives on, `hidden_states.N`; 0 is what the first layer reads.
    public static let hiddenStates = Observation(rawValue: 1)
    /// Where every head of every layer looks, `attentions.N`.
    public static let attentions = Observation(rawValue: 2)
}

extension PretrainedModel {
    /// Refuses tensors that the model does not read: a misspelt `attention_mask` would change the result in silence.
    /// - Throws: `PretrainedError.unknownInput`.
    public static func checkNames(of inputs: SafetensorsFile) throws(PretrainedError) {
        guard let other = inputs.names.first(where: { !inputNames.contains($0) }) else { return }
        throw .unknownInput(other, source: inputs.source, known: inputNames)
    }
}
