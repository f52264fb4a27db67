import AttentionFiles
public import AttentionModels
import AttentionTensors
public import AttentionText

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

    /// Reads a folder. If another model is saved there meanwhile, that one is read.
    ///
    /// - Throws: `ModelFolderError`, `TokenizerError` or `SafetensorsError`, each naming the file and what is wrong with it.
    public init(path: String) throws {
        while true {
            let opened = try Self.openedConfiguration(path)
            let folder = Result { try Self(reading: path) }
            // A save takes the configuration away before it replaces anything, so files around an unchanged one belong together.
            if opened.isCurrent {
                self = try folder.get()
                return
            }
        }
    }

    private init(reading path: String) throws {
        let file = Self.configurationPath(path)
        try self.init(
            configuration: try FileContents.read(file),
            tokenizer: try Tokenizer(contentsOf: path + "/tokenizer.json").limited(truncation: nil, padding: nil),
            weights: try SafetensorsFile(path: path + "/model.safetensors"), source: file)
    }

    private static func openedConfiguration(_ path: String) throws(ModelFolderError) -> FileDescriptor {
        do {
            return try FileDescriptor(reading: configurationPath(path))
        } catch {
            throw .notAModel(path, reason: "\(error)")
        }
    }

    /// Where the file of parameters says with what tokenizer they were learnt.
    static let tokenizerKey = "tokenizer"

    static func configurationPath(_ path: String) -> String { path + "/config.json" }

    /// The model of these parts; `source` names the configuration in errors.
    package init(configuration bytes: [UInt8], tokenizer: Tokenizer, weights: SafetensorsFile, source: String) throws {
        do {
            configuration = try JSONDecoding.decode(ModelConfiguration.self, from: bytes)
        } catch {
            throw ModelFolderError.badConfiguration(source, reason: "\(error)")
        }
        guard tokenizer.count <= configuration.architecture.vocabularySize else {
            throw ModelFolderError.vocabulary(
                tokenizer: tokenizer.count, model: configuration.architecture.vocabularySize)
        }
        // Earlier versions did not say.
        if let made = weights.metadata[Self.tokenizerKey], made != "\(Fingerprint(ofPiecesOf: tokenizer))" {
            throw ModelFolderError.otherTokenizer(weights: weights.source)
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
}
