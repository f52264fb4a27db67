public import AttentionModels
public import AttentionTensors
public import AttentionText
import FoundationEssentials

/// A trained model as it lies on disk: `config.json`, `model.safetensors`, `tokenizer.json`.
public struct ModelFolder: Sendable {
    /// What `config.json` says.
    public var configuration: ModelConfiguration
    /// Text to ids and back.
    public let tokenizer: Tokenizer
    /// The model with its trained parameters.
    public let model: any SequenceToSequence

    /// A model of these parts.
    public init(configuration: ModelConfiguration, tokenizer: Tokenizer, model: any SequenceToSequence) {
        self.configuration = configuration
        self.tokenizer = tokenizer
        self.model = model
    }

    /// Reads a folder.
    ///
    /// - Throws: `ModelFolderError`, `TokenizerError` or `SafetensorsError`, each naming the file and what is wrong with it.
    public init(path: String) throws {
        let file = path + "/config.json"
        let bytes: [UInt8]
        do {
            bytes = try FileContents.read(file)
        } catch {
            throw ModelFolderError.notAModel(path, reason: "\(error)")
        }
        try self.init(
            configuration: bytes, tokenizer: try Tokenizer(contentsOf: path + "/tokenizer.json"),
            weights: try SafetensorsFile(path: path + "/model.safetensors"), source: file)
    }

    /// The model of these parts; `source` names the configuration in errors.
    package init(configuration bytes: [UInt8], tokenizer: Tokenizer, weights: SafetensorsFile, source: String) throws {
        do {
            configuration = try JSONDecoder().decode(ModelConfiguration.self, from: Data(bytes))
        } catch {
            throw ModelFolderError.badConfiguration(source, reason: Self.reason(error))
        }
        guard tokenizer.count <= configuration.vocabularySize else {
            throw ModelFolderError.vocabulary(tokenizer: tokenizer.count, model: configuration.vocabularySize)
        }
        self.tokenizer = tokenizer
        let blank: any SequenceToSequence
        do {
            blank = try configuration.makeModel(key: .blank)
        } catch {
            throw ModelFolderError.badConfiguration(source, reason: "\(error)")
        }
        model = try blank.loaded(from: weights)
    }

    /// Writes the three files, each whole or not at all, the configuration last.
    /// - Throws: `FileError`, `TokenizerError` or `SafetensorsError` if one cannot be written.
    public func save(to path: String, as precision: Safetensors.Precision = .float32) throws {
        try Directory.create(path)
        try tokenizer.write(to: path + "/tokenizer.json")
        try model.save(to: path + "/model.safetensors", as: precision)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try AtomicFile.write(Array(try encoder.encode(configuration)) + [UInt8(ascii: "\n")], to: path + "/config.json")
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case Swift.DecodingError.keyNotFound(let key, _): "it has no \"\(key.stringValue)\""
        case Swift.DecodingError.typeMismatch(_, let context), Swift.DecodingError.valueNotFound(_, let context),
            Swift.DecodingError.dataCorrupted(let context):
            "at \"\(context.codingPath.map(\.stringValue).joined(separator: "."))\": \(context.debugDescription)"
        default: "\(error)"
        }
    }
}

/// A folder that holds no usable model.
public enum ModelFolderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no configuration to read.
    case notAModel(String, reason: String)
    /// The configuration is not one.
    case badConfiguration(String, reason: String)
    /// The tokenizer makes ids that the model does not know.
    case vocabulary(tokenizer: Int, model: Int)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .notAModel(let path, let reason):
            "model: expected a folder with config.json, model.safetensors and tokenizer.json at \(path); \(reason)"
        case .badConfiguration(let path, let reason): "model: \(path) is not a model's configuration: \(reason)"
        case .vocabulary(let tokenizer, let model):
            "model: expected a tokenizer of at most \(model) pieces, as the model has, found \(tokenizer); "
                + "take both files from the same training"
        }
    }
}
