import Attention

/// A model that is served, by what it does.
public enum ServedModel: Sendable {
    case embedder(ServedEmbedder)
    case classifier(ServedClassifier)
    case reranker(ServedReranker)
    case translator(ServedTranslator)
    case generator(ServedGenerator)
    case transcriber(ServedTranscriber)

    /// What clients call it.
    public var name: String {
        switch self {
        case .embedder(let model): model.name
        case .classifier(let model): model.name
        case .reranker(let model): model.name
        case .translator(let model): model.name
        case .generator(let model): model.name
        case .transcriber(let model): model.name
        }
    }

    /// What it does.
    public var task: ServedTask {
        switch self {
        case .embedder: .embedding
        case .classifier: .classification
        case .reranker: .reranking
        case .translator(let model): .translation(source: model.source, target: model.target)
        case .generator: .generation
        case .transcriber: .transcription
        }
    }

    /// What waits for it and what is computed with it.
    package var queue: any WorkQueue {
        switch self {
        case .embedder(let model): model.scheduler
        case .classifier(let model): model.scheduler
        case .reranker(let model): model.scheduler
        case .translator(let model): model.scheduler
        case .generator(let model): model.scheduler
        case .transcriber(let model): model.scheduler
        }
    }
}

extension ServedModel {
    /// The model inside the program: English to French.
    /// - Throws: only if the program itself is damaged.
    public static func standard(
        named name: String = "en-fr", limits: SchedulerSettings = .translation
    ) throws -> ServedModel {
        .translator(ServedTranslator(name, try .standard(), source: "en", target: "fr", limits: limits))
    }

    /// The model of a folder, or of a GGUF file, as what it was made for: the folder says what that is.
    ///
    /// A translator is named after its languages, `en-pt`; a model of many languages is told them so. A base model of an encoder makes
    /// vectors.
    /// - Throws: what is wrong with the folder, naming the file.
    public static func open(
        _ name: String, at path: String, limits: SchedulerSettings = SchedulerSettings(),
        translationLimits: SchedulerSettings = .translation, generationLimits: SchedulerSettings = .generation,
        promptBytes: Int = 256 << 20
    ) throws -> ServedModel {
        switch try ServedTask.of(name, at: path) {
        case .translation: return .translator(try translator(name, path, translationLimits))
        case .reranking: return .reranker(ServedReranker(name, try Reranker(path: path), limits: limits))
        case .classification: return .classifier(ServedClassifier(name, try TextClassifier(path: path), limits: limits))
        case .embedding: return .embedder(ServedEmbedder(name, try TextEmbedder(path: path), limits: limits))
        case .transcription: return .transcriber(ServedTranscriber(name, try Transcriber(path: path)))
        case .generation:
            return .generator(
                ServedGenerator(
                    name, try TextGenerator(path: path), template: try? ChatTemplate(folder: path),
                    limits: generationLimits, promptBytes: promptBytes))
        }
    }

    private static func translator(
        _ name: String, _ path: String, _ limits: SchedulerSettings
    ) throws -> ServedTranslator {
        let languages = NamedLanguages(name)
        return ServedTranslator(
            name, try languages.translator(at: path), source: languages.source ?? "und",
            target: languages.target ?? "und", limits: limits)
    }
}
