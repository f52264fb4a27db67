import AttentionDecoding
import AttentionLayers
import AttentionTensors

extension EncoderDecoder: GenerativeModel {
    public var generator: (any GenerativeModel)? { self }

    public var gathering: any GenerativeModel { GatheringTranslator(self) }

    public var vocabularySize: Int { outputWeight.shape[0] }

    public var lengthLimit: Int? { decoder.embeddings.lengthLimit }

    /// Behind these sources; what is written begins with a token that the configuration says.
    public func start(_ rows: [[Int]]) throws -> GenerationStart<State> {
        GenerationStart(state: try start(PaddedBatch(rows, padding: padding)), prompts: nil)
    }
}
