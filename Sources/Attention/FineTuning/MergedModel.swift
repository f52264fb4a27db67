import AttentionFiles
import AttentionModels

/// A pretrained model with low-rank adapters made part of its weights (Hu et al. 2022, sec. 4.1).
public struct MergedModel: Sendable {
    private let path: String
    private let modules: EmbeddingModules
    private let folder: PretrainedFolder
    private let adapters: AdapterFolder

    /// Opens both folders.
    /// - Throws: `PretrainedError` or `SafetensorsError` naming the file and what is wrong with it.
    public init(model: String, adapters: String) throws {
        path = model
        modules = try EmbeddingModules(path: model)
        folder = try PretrainedFolder(path: modules.encoderPath)
        self.adapters = try AdapterFolder(path: adapters)
    }

    /// Writes the model as an ordinary folder, with the tokenizer and, if it makes embeddings, how it does.
    /// - Throws: `TrainingFolderError.hasModel` if a model is there already; `PretrainedError` or `SafetensorsError` with what does not fit the
    ///   model; `FileError` if a file cannot be written.
    public func write(to directory: String) throws {
        try ModelDestination.check(directory)
        let (model, task) = try folder.encoder(with: adapters)
        let place = task == .features ? String(modules.encoderPath.dropFirst(path.count)) : ""
        try TokenizerFiles.copy(from: folder.path, to: directory + place)
        if task == .features {
            try modules.copy(to: directory)
            try modules.copyWeights(to: directory)
        }
        try folder.write(try model.mergingAdapters(), as: task, to: directory + place)
    }
}
