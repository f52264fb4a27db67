public import AttentionFiles

/// The folder of a pretrained model as it lies on disk: `config.json`, and `model.safetensors` or shards with an index. Or a GGUF file, which holds
/// all in one.
///
/// ```swift
/// let model = try PretrainedFolder(path: "all-MiniLM-L6-v2").model()
/// ```
public struct PretrainedFolder: Sendable {
    /// Where it lies.
    public let path: String
    /// Where its configuration is from: how errors name it.
    private let configurationFile: String
    /// What `config.json` says.
    public let fields: ConfigurationFields
    /// The same as it is written.
    let document: JSONValue
    /// The parameters.
    public let checkpoint: Checkpoint
    /// Its family.
    public let family: any ModelFamily.Type
    /// The class that `config.json` names, or the family's backbone.
    public let architecture: String

    /// Whether there is a GGUF file, or a folder as Hugging Face writes it, which names the kind of its model.
    /// - Throws: `FileError` if the configuration cannot be read; `PretrainedError.badConfiguration` if it is no JSON.
    public static func isOne(at path: String) throws -> Bool {
        if GGUFFile.isOne(at: path) { return true }
        let file = path + "/config.json"
        guard Directory.hasFile(file), case .object(let members) = try ConfigurationFile.document(file) else {
            return false
        }
        return members.contains { $0.key == "model_type" }
    }

    /// Opens a folder, or a GGUF file; parameters are mapped, not read.
    /// - Throws: `PretrainedError` naming the file and what is wrong with it; `SafetensorsError` or `GGUFError` if a file of tensors is damaged.
    public init(path: String) throws {
        if GGUFFile.isOne(at: path) {
            try self.init(GGUFFile(path: path))
        } else {
            try self.init(folder: path)
        }
    }

    private init(folder path: String) throws {
        let file = path + "/config.json"
        let bytes: [UInt8]
        do { bytes = try FileContents.read(file) } catch {
            throw PretrainedError.noConfiguration(folder: path, reason: "\(error)")
        }
        (self.path, configurationFile) = (path, file)
        do {
            document = try JSONParser.parse(bytes)
            fields = try ConfigurationFields(document)
            let type = try fields.string("model_type")
            guard let family = ModelFamilies.all.first(where: { $0.modelTypes.contains(type) }) else {
                throw PretrainedError.unknownFamily(type, file: file, known: ModelFamilies.modelTypes)
            }
            self.family = family
            architecture = try fields.strings("architectures").first ?? family.architectures[0]
            guard family.architectures.contains(architecture) else {
                throw PretrainedError.unknownArchitecture(architecture, file: file, known: family.architectures)
            }
        } catch let error as PretrainedError {
            throw error
        } catch {
            throw PretrainedError.badConfiguration(file, reason: "\(error)")
        }
        checkpoint = try Checkpoint(folder: path)
    }

    /// The model of a GGUF file.
    /// - Throws: `PretrainedError` if it is of a family that is not known; `GGUFError` if it lacks something.
    public init(_ file: GGUFFile) throws {
        (path, configurationFile) = (file.source, file.source)
        let name = try file.string("general.architecture") ?? "nothing"
        guard let family = ModelFamilies.all.first(where: { $0.gguf?.architecture == name }), let form = family.gguf
        else {
            let known = ModelFamilies.all.compactMap { $0.gguf?.architecture }.sorted()
            throw PretrainedError.unknownFamily(name, file: file.source, known: known)
        }
        self.family = family
        architecture = family.architectures[1]
        document = try GGUFMetadata(file: file, architecture: name).configuration(family, form)
        fields = try ConfigurationFields(document)
        checkpoint = try Checkpoint(file)
    }

    /// The model with its parameters, as the class that the configuration names.
    /// - Throws: `PretrainedError` if the configuration cannot be built; `SafetensorsError` with all that does not fit.
    public func model() throws -> any PretrainedModel {
        try reportingConfiguration { try family.model(architecture, fields, checkpoint) }
    }

    /// The text encoder of the folder with the head for a task.
    /// - Throws: `PretrainedError.wrongTask` if the family has no text encoders, or the folder was made for another task.
    public func encoder(for task: EncoderTask) throws -> EncoderModel {
        guard let family = family.encoders else {
            throw PretrainedError.wrongTask(needed: "a text encoder", found: architecture, folder: path)
        }
        guard task == .features || architecture.hasSuffix(task.rawValue) else {
            throw PretrainedError.wrongTask(needed: task.description, found: architecture, folder: path)
        }
        return try reportingConfiguration { try family.model(task, fields, checkpoint) }
    }

    /// What `build` makes; its complaints about the configuration name the file.
    func reportingConfiguration<Model>(_ build: () throws -> Model) throws -> Model {
        try ConfigurationFile.reporting(configurationFile, build)
    }
}
