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

    /// What it does, in a word.
    public var task: String {
        switch self {
        case .embedder: "embedding"
        case .classifier: "classification"
        case .reranker: "reranking"
        case .translator: "translation"
        case .generator: "generation"
        case .transcriber: "transcription"
        }
    }

    /// How much of it is computed at once, and how much may wait.
    var settings: SchedulerSettings {
        switch self {
        case .embedder(let model): model.scheduler.limits
        case .classifier(let model): model.scheduler.limits
        case .reranker(let model): model.scheduler.limits
        case .translator(let model): model.scheduler.limits
        case .generator(let model): model.scheduler.limits
        case .transcriber(let model): model.scheduler.limits
        }
    }

    /// How many rows wait for it.
    func waitingRows() async -> Int {
        switch self {
        case .embedder(let model): await model.scheduler.waitingRows
        case .classifier(let model): await model.scheduler.waitingRows
        case .reranker(let model): await model.scheduler.waitingRows
        case .translator(let model): await model.scheduler.waitingRows
        case .generator(let model): await model.scheduler.waitingRows
        case .transcriber(let model): await model.scheduler.waitingRows
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
        guard try PretrainedFolder.isOne(at: path) else {
            return .translator(try translator(name, path, translationLimits))
        }
        let folder = try PretrainedFolder(path: path)
        if folder.architecture.hasSuffix("ForSequenceClassification") {
            let classifier = try TextClassifier(path: path)
            if classifier.labels.count == 1 {
                return .reranker(ServedReranker(name, try Reranker(path: path), limits: limits))
            }
            return .classifier(ServedClassifier(name, classifier, limits: limits))
        }
        if folder.family.encoders != nil,
            folder.family.encoderDecoders == nil || folder.architecture.hasSuffix("EncoderModel")
        {
            return .embedder(ServedEmbedder(name, try TextEmbedder(path: path), limits: limits))
        }
        if folder.family.languageModels == nil, folder.family.encoderDecoders == nil {
            return .transcriber(ServedTranscriber(name, try Transcriber(path: path)))
        }
        if folder.family.languageModels == nil, let translator = try? translator(name, path, translationLimits) {
            return .translator(translator)
        }
        let template = try? ChatTemplate(folder: path)
        return .generator(
            ServedGenerator(
                name, try TextGenerator(path: path), template: template, limits: generationLimits,
                promptBytes: promptBytes))
    }

    private static func translator(
        _ name: String, _ path: String, _ limits: SchedulerSettings
    ) throws -> ServedTranslator {
        let languages = name.split(separator: "-", maxSplits: 1).map(String.init)
        let (source, target) = languages.count == 2 ? (languages[0], languages[1]) : ("und", "und")
        var told = TranslatorChoice()
        if languages.count == 2 { (told.source, told.target) = (source, target) }
        let translator: Translator
        do { translator = try Translator(path: path, choice: told) } catch TranslatorSourceError.noChoice {
            translator = try Translator(path: path)
        }
        return ServedTranslator(name, translator, source: source, target: target, limits: limits)
    }
}
