import Attention

extension ServedTask {
    /// What the model of a folder, or of a GGUF file, was made for: the folder says what that is, and mostly no weight is read. See `ServedModel.open`.
    /// - Throws: what is wrong with the folder, naming the file.
    public static func of(_ name: String, at path: String) throws -> ServedTask {
        let languages = NamedLanguages(name)
        guard try PretrainedFolder.isOne(at: path) else {
            // What is wrong with a folder of no known kind is said when it is opened.
            if !TranslatorSources.all.contains(where: { $0.recognizes(path) }) {
                _ = try languages.translator(at: path)
            }
            return languages.task
        }
        let folder = try PretrainedFolder(path: path)
        if folder.architecture.hasSuffix("ForSequenceClassification") {
            return try folder.fields.labels().count == 1 ? .reranking : .classification
        }
        if folder.family.encoders != nil,
            folder.family.encoderDecoders == nil || folder.architecture.hasSuffix("EncoderModel")
        {
            return .embedding
        }
        guard folder.family.languageModels == nil else { return .generation }
        guard folder.family.encoderDecoders != nil else { return .transcription }
        // Whether what reads and writes apart translates is seen when it is told to.
        return (try? languages.translator(at: path)) == nil ? .generation : languages.task
    }
}

/// The languages that a translator is named after: `en-pt`.
struct NamedLanguages {
    let source: String?
    let target: String?

    init(_ name: String) {
        let languages = name.split(separator: "-", maxSplits: 1).map(String.init)
        (source, target) = languages.count == 2 ? (languages[0], languages[1]) : (nil, nil)
    }

    var task: ServedTask { .translation(source: source ?? "und", target: target ?? "und") }

    /// The translator of a folder; a model of many languages is told these.
    func translator(at path: String) throws -> Translator {
        var told = TranslatorChoice()
        (told.source, told.target) = (source, target)
        do { return try Translator(path: path, choice: told) } catch TranslatorSourceError.noChoice {
            return try Translator(path: path)
        }
    }
}
