import AttentionFiles
import AttentionModels
public import AttentionTensors
import AttentionText

/// A model whose weights are to be stored in few bits: a decoder, an encoder, an encoder–decoder, a GGUF file, or a translator trained here.
///
/// ```swift
/// let model = try QuantizedModel(path: "SmolLM-135M", bits: 4)
/// try model.write(to: "SmolLM-135M-4bit")
/// ```
public struct QuantizedModel: Sendable {
    private let path: String
    private let source: Source
    /// What the weights of linear maps become.
    public let format: BlockFormat

    private enum Source: Sendable {
        case pretrained(PretrainedFolder)
        case translator(ModelFolder)
    }

    /// Opens a folder, or a GGUF file.
    /// - Parameter bits: 8 or 4.
    /// - Throws: `QuantizationError` for other bits; `PretrainedError`, `ModelFolderError`, `SafetensorsError` or `GGUFError` naming the file
    ///   and what is wrong with it.
    public init(path: String, bits: Int) throws {
        guard let format = [8: BlockFormat.q80, 4: .q40][bits] else { throw QuantizationError.bits(bits) }
        (self.path, self.format) = (path, format)
        source =
            try PretrainedFolder.isOne(at: path)
            ? .pretrained(PretrainedFolder(path: path)) : .translator(ModelFolder(path: path))
    }

    /// The layers whose matrices are stored, in order, and how many bytes they take as they are.
    public func layers() throws -> [(name: String, byteCount: Int)] {
        switch source {
        case .pretrained(let folder): try folder.model().storedLayers
        case .translator(let folder): folder.model.storedLayers
        }
    }

    /// How many bytes of tensors a folder or a GGUF file holds.
    public static func byteCount(at path: String) throws -> Int {
        guard try PretrainedFolder.isOne(at: path) else {
            return try ModelFolder(path: path).model.parameterSummary.byteCount
        }
        return try PretrainedFolder(path: path).model().parameterSummary.byteCount
    }

    /// Writes the model as a folder that all commands read.
    /// - Parameter formats: what the matrices of each layer become; nil for `format` everywhere.
    /// - Throws: `TrainingFolderError.hasModel` if a model is there already; `FileError` or `SafetensorsError` if a file cannot be written.
    public func write(to directory: String, as formats: LayerFormats? = nil) throws {
        let formats = formats ?? LayerFormats(rest: format)
        try ModelDestination.check(directory)
        switch source {
        case .pretrained(let folder):
            try copyFiles(of: folder, to: directory)
            try folder.writeQuantized(formats, noting: format, to: directory)
        case .translator(let folder):
            try folder.quantized(formats).save(to: directory)
        }
    }

    /// What lies beside the weights: the tokenizer, how to generate, how vectors of texts are made.
    private func copyFiles(of folder: PretrainedFolder, to directory: String) throws {
        guard !GGUFFile.isOne(at: path) else {
            let file = try GGUFFile(path: path)
            try Directory.create(directory)
            if Tokenizer.isIn(file) {
                try AtomicFile.write(try Tokenizer(file).json(), to: directory + "/tokenizer.json")
            }
            if let template = file.chatTemplate {
                try AtomicFile.write(Array(template.utf8), to: directory + "/chat_template.jinja")
            }
            return
        }
        try TokenizerFiles.copy(from: path, to: directory)
        try FolderFiles.copy(["generation_config.json", "source.spm", "target.spm"], from: path, to: directory)
        guard folder.family.encoders != nil else { return }
        let modules = try EmbeddingModules(path: path)
        guard modules.encoderPath == path else { return }
        try modules.copy(to: directory)
        try modules.copyWeights(to: directory)
    }
}

extension ModelFolder {
    fileprivate func quantized(_ formats: LayerFormats) -> ModelFolder {
        ModelFolder(
            configuration: configuration, tokenizer: tokenizer, model: model.quantized(formats.format(of:)))
    }
}

/// Something that cannot be done to store a model in few bits.
public enum QuantizationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A number of bits that there are no blocks of.
    case bits(Int)
    /// A loss that even the most careful choice exceeds.
    case budget(Double, least: Double)
    /// A text on which the model cannot be measured.
    case unusableText(String, expected: String, found: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .bits(let bits): "quantize: expected 8 or 4 bits, found \(bits)"
        case .budget(let budget, let least):
            "quantize: expected a loss of at most \(budget) %, found \(least) % with all layers in 8 bits; allow more, or leave the model as it is"
        case .unusableText(let file, let expected, let found):
            "quantize: expected \(expected) in \(file), found \(found); take another text"
        }
    }
}
