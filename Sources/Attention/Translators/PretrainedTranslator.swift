import AttentionDecoding
import AttentionFiles
import AttentionModels
import AttentionTensors
import AttentionText

/// A folder as transformers writes it, of a family that translates. How its sequences begin and end, and how it is told the languages, is what
/// families differ in: one `TranslationForm` each.
public enum PretrainedTranslator: TranslatorSource {
    public static var form: String {
        "a folder of \(forms.flatMap { $0.modelTypes }.joined(separator: ", ")) as transformers writes it"
    }

    /// How each family is told what to do, one line each.
    static let forms: [any TranslationForm.Type] = [
        OpusForm.self,
        LanguageTokenForm.self,
        PromptForm.self,
    ]

    public static func recognizes(_ path: String) -> Bool {
        guard let bytes = try? FileContents.read(path + "/config.json"), let document = try? JSONParser.parse(bytes),
            let fields = try? ConfigurationFields(document)
        else { return false }
        return fields.has("model_type")
    }

    /// Whether a folder is one that translates with what is said of it; T5 does other things, too, unless it is told what to do.
    static func translates(_ folder: PretrainedFolder, _ choice: TranslatorChoice) -> Bool {
        let names = Set(folder.family.modelTypes)
        guard let form = forms.first(where: { !names.isDisjoint(with: $0.modelTypes) }) else { return false }
        return !(form.needsChoice && choice.isOpen)
    }

    public static func model(at path: String, _ choice: TranslatorChoice) throws -> TranslationModel {
        guard !choice.usesShortlist else { throw TranslatorSourceError.noShortlist(path) }
        let folder = try PretrainedFolder(path: path)
        let type = try folder.fields.string("model_type")
        guard let form = forms.first(where: { $0.modelTypes.contains(type) }),
            let model = try folder.model().sequenceToSequence
        else {
            throw PretrainedError.wrongTask(needed: "a translator", found: folder.architecture, folder: path)
        }
        return try form.model(model, PretrainedTranslation(folder: folder, generation: try generation(path)), choice)
    }

    /// What `generation_config.json` says; nothing if there is none.
    private static func generation(_ path: String) throws -> ConfigurationFields? {
        try ConfigurationFile.fields(path + "/generation_config.json")
    }
}

/// How a family of models is told what to translate.
protocol TranslationForm: Sendable {
    /// What `model_type` says.
    static var modelTypes: [String] { get }
    /// Whether such models do nothing unless they are told what.
    static var needsChoice: Bool { get }
    /// The model with its tokenizers and the form of its sequences.
    static func model(
        _ model: any SequenceToSequence, _ folder: PretrainedTranslation, _ choice: TranslatorChoice
    ) throws -> TranslationModel
}

extension TranslationForm {
    static var needsChoice: Bool { false }
}

/// What a folder says that forms ask for.
struct PretrainedTranslation {
    let folder: PretrainedFolder
    let generation: ConfigurationFields?

    var path: String { folder.path }

    /// An id of the configuration of generation or, if that is silent, of the model.
    func id(_ name: String, default fallback: Int? = nil) throws -> Int {
        if let generation, generation.has(name) {
            return try ConfigurationFile.reporting(generationFile) { try generation.integer(name) }
        }
        return try ConfigurationFile.reporting(configurationFile) {
            try folder.fields.integer(name, default: fallback)
        }
    }

    private var generationFile: String { path + "/generation_config.json" }

    private var configurationFile: String { path + "/config.json" }

    /// The name of the folder, for pictures.
    var name: String { String(path.split(separator: "/").last ?? "model") }

    func read(_ file: String) throws -> [UInt8] { try FileContents.read(path + "/" + file) }

    func beamSize() throws -> Int {
        let size = try ConfigurationFile.reporting(generationFile) {
            try generation?.integer("num_beams", default: 0) ?? 0
        }
        if size > 0 { return min(size, 200) }
        return try ConfigurationFile.reporting(configurationFile) {
            min(200, max(1, try folder.fields.integer("num_beams", default: 5)))
        }
    }

    /// The model of these parts.
    func translationModel(
        _ model: any SequenceToSequence, reader: Tokenizer, writer: Tokenizer, prompt: String = "", before: [Int] = [],
        behind: [Int], start: [Int], banned: Set<Int>
    ) throws -> TranslationModel {
        let size = model.outputWeight.shape[0]
        let count = max(reader.count, writer.count)
        guard count <= size else { throw ModelFolderError.vocabulary(tokenizer: count, model: size) }
        let end = try id("eos_token_id")
        let positions = try ConfigurationFile.reporting(configurationFile) {
            try folder.fields.integer("max_position_embeddings", default: 1 << 20)
        }
        return TranslationModel(
            name: name, model: model, reader: reader, writer: writer, prompt: prompt,
            form: SequenceForm(
                before: before, behind: behind, start: start, end: end, banned: banned,
                padding: try id("pad_token_id"), lengthLimit: positions,
                stepLimit: LengthLimit(absolute: 10, perSourceToken: 2)),
            search: SearchSettings(beamSize: try beamSize()))
    }
}
