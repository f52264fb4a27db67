/// A folder that holds no usable model, or where none can be saved.
public enum ModelFolderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no configuration to read.
    case notAModel(String, reason: String)
    /// The configuration is not one.
    case badConfiguration(String, reason: String)
    /// The tokenizer makes ids that the model does not know.
    case vocabulary(tokenizer: Int, model: Int)
    /// The tokenizer's pieces are not those that the parameters were learnt with.
    case otherTokenizer(weights: String)
    /// Something else than a model is where one shall be saved.
    case occupied(String, found: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .notAModel(let path, let reason):
            "model: expected a folder with config.json, model.safetensors and tokenizer.json at \(path); \(reason)"
        case .badConfiguration(let path, let reason):
            "model: expected a model's configuration in \(path), but \(reason); take it from the training that made the model"
        case .vocabulary(let tokenizer, let model):
            "model: expected a tokenizer of at most \(model) pieces, as the model has, found \(tokenizer); "
                + "take both files from the same training"
        case .otherTokenizer(let weights):
            "model: expected the tokenizer that \(weights) was trained with, found one with other pieces; "
                + "take both files from the same training"
        case .occupied(let path, let found):
            "save: expected \(path) to be a new or empty folder or one with a model, found \(found); choose another folder"
        }
    }
}
