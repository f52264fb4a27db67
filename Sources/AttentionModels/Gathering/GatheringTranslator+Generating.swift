import AttentionDecoding
public import AttentionTensors

/// Where the base writes texts for other ends than translation, so does this.
extension GatheringTranslator: PretrainedModel, GenerativeModel where Base: GenerativeModel {
    public static var inputNames: [String] { Base.inputNames }

    public var generator: (any GenerativeModel)? { self }
    public var sequenceToSequence: (any SequenceToSequence)? { self }
    public var vocabularySize: Int { base.vocabularySize }
    public var lengthLimit: Int? { base.lengthLimit }

    public func forward(_ inputs: SafetensorsFile, observing: Observation) throws -> [NamedTensor] {
        try base.forward(inputs, observing: observing)
    }

    public func start(_ rows: [[Int]]) throws -> GenerationStart<State> { try base.start(rows) }

    public func start(_ inputs: SafetensorsFile, row: Int) throws -> GenerationStart<State> {
        try base.start(inputs, row: row)
    }
}
