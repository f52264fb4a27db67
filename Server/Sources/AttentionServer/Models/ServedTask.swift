/// What a model is served for.
public enum ServedTask: Sendable, Hashable {
    case embedding
    case classification
    case reranking
    /// From one language into another, as clients write them: `en`.
    case translation(source: String, target: String)
    case generation
    case transcription

    /// In a word.
    public var word: String {
        switch self {
        case .embedding: "embedding"
        case .classification: "classification"
        case .reranking: "reranking"
        case .translation: "translation"
        case .generation: "generation"
        case .transcription: "transcription"
        }
    }
}
