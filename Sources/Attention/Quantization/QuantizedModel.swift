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

    /// Writes the model as a folder that all commands read.
    /// - Throws: `TrainingFolderError.occupied` if a model is there already; `FileError` or `SafetensorsError` if a file cannot be written.
    public func write(to directory: String) throws {
        for file in ["config.json", "model.safetensors"] where Directory.hasFile(directory + "/" + file) {
            throw TrainingFolderError.occupied(directory, file: file)
        }
        switch source {
        case .pretrained(let folder):
            try copyFiles(of: folder, to: directory)
            try folder.writeQuantized(format, to: directory)
        case .translator(let folder):
            try folder.quantized(format).save(to: directory)
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
    fileprivate func quantized(_ format: BlockFormat) -> ModelFolder {
        ModelFolder(configuration: configuration, tokenizer: tokenizer, model: model.quantized(format))
    }
}

/// Something that cannot be done to store a model in few bits.
public enum QuantizationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A number of bits that there are no blocks of.
    case bits(Int)
    /// A text on which the model cannot be measured.
    case unusableText(String, expected: String, found: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .bits(let bits): "quantize: expected 8 or 4 bits, found \(bits)"
        case .unusableText(let file, let expected, let found):
            "quantize: expected \(expected) in \(file), found \(found); take another text"
        }
    }
}
