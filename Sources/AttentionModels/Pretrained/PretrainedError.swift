/// A folder of a pretrained model that cannot be used.
public enum PretrainedError: Error, Sendable, Hashable, CustomStringConvertible {
    /// There is no configuration.
    case noConfiguration(folder: String, reason: String)
    /// The configuration is not one of a model that can be built.
    case badConfiguration(String, reason: String)
    /// The configuration names a family that is not known.
    case unknownFamily(String, file: String, known: [String])
    /// The configuration names a class of the family that is not known.
    case unknownArchitecture(String, file: String, known: [String])
    /// The folder has no parameters, or has them in another form.
    case noWeights(folder: String, found: String?)
    /// The index of the shards is not one.
    case badIndex(String, reason: String)
    /// The model has another head than the task needs.
    case wrongTask(needed: String, found: String, folder: String)
    /// Adapters that cannot be added to a model.
    case badAdapter(String, reason: String)
    /// A tensor that the model does not read.
    case unknownInput(String, source: String, known: [String])
    /// An input that does not fit the model.
    case badInput(String, source: String, expected: String, found: String)
    /// A head or a layer that the model does not have, counted from 0; the sentence counts from 1.
    case unknownAttention(String, found: Int, count: Int)
    /// A text that is longer than the model reads, and must not be cut.
    case tooLong(String, pieces: Int, limit: Int)
    /// A kind of texts for which the folder has no prompt.
    case unknownPrompt(String, known: [String])
    /// A text without a place to fill.
    case noMask(String, mask: String)
    /// A question so long that nothing of the context fits beside it.
    case noRoom(pieces: Int, limit: Int)
    /// A text that leaves no room for what should follow it.
    case promptTooLong(tokens: Int, limit: Int)
    /// Texts none of which is as long as it must be.
    case tooShort(tokens: Int, needed: Int)
    /// No prompt, and no start token either.
    case nothingToBeginWith
    /// Weights of a model whose places look at each other within windows.
    case windowedAttention
    /// Weights of a model that does not weigh places.
    case nothingLooks
    /// Tokens for a model that describes pictures.
    case noPicture
    /// Tokens for a model that hears.
    case hearsOnly
    /// Text where the folder has no tokenizer.
    case noTokenizer(folder: String)
    /// What a decoder is to begin with, of a model that has none of its own.
    case noDecoderOfItsOwn(tokens: Int, folder: String)

    /// The whole sentence.
    public var description: String {
        switch self {
        case .noConfiguration(let folder, let reason):
            "model: expected a folder with config.json and model.safetensors at \(folder); \(reason)"
        case .badConfiguration(let file, let reason): "model: \(file): \(reason)"
        case .unknownFamily(let name, let file, let known):
            "model: expected a model_type of \(known.joined(separator: ", ")) in \(file), found \(name)"
        case .unknownArchitecture(let name, let file, let known):
            "model: expected one of the architectures \(known.joined(separator: ", ")) in \(file), found \(name)"
        case .noWeights(let folder, nil):
            "model: expected model.safetensors, or model.safetensors.index.json with its shards, in \(folder), found neither"
        case .noWeights(let folder, let found?):
            "model: expected model.safetensors in \(folder), found \(found), which only PyTorch can read; convert it there once: "
                + "AutoModel.from_pretrained(\"\(folder)\").save_pretrained(\"\(folder)\", safe_serialization=True)"
        case .badIndex(let file, let reason):
            "model: expected \(file) to say which shard holds each tensor, but \(reason); copy the folder again"
        case .wrongTask(let needed, let found, let folder):
            "model: expected a model with \(needed) in \(folder), found one with \(found)"
        case .badAdapter(let file, let reason): "adapter: \(file): \(reason)"
        case .unknownInput(let name, let source, let known):
            "forward: expected inputs among \(known.joined(separator: ", ")) in \(source), found \(name)"
        case .badInput(let name, let source, let expected, let found):
            "forward: expected \(expected) as \(name) in \(source), found \(found)"
        case .unknownAttention(let kind, let found, let count):
            "attention: expected \(kind) from 1 to \(count), found \(found + 1)"
        case .tooLong(let text, let pieces, let limit):
            "model: expected a text of at most \(limit) pieces, found \(pieces) in \"\(text)\"; shorten it, or let it be cut"
        case .unknownPrompt(let name, let known):
            "embed: expected a prompt of \(known.isEmpty ? "none, since the model has none" : known.joined(separator: ", ")), found \(name)"
        case .noMask(let text, let mask):
            "fill-mask: expected \(mask) where a word is left out, found none in \"\(text)\""
        case .noRoom(let pieces, let limit):
            "answer: expected a question of fewer than \(limit - 4) pieces, so that there is room for the context, found \(pieces); "
                + "shorten it"
        case .promptTooLong(let tokens, let limit):
            "generate: expected a text of fewer than \(limit + 1) tokens, for which the model was made, with what follows it, found \(tokens); shorten it"
        case .tooShort(let tokens, let needed):
            "evaluate: expected a text of at least \(needed) tokens, found \(tokens); take a longer one, or a smaller length"
        case .nothingToBeginWith:
            "generate: expected a prompt of at least one token, since the model has no start token, found none"
        case .windowedAttention:
            "attention: expected a model whose places all look at each other, found one that looks within windows; attend forward "
                + "--attentions gives its weights"
        case .nothingLooks:
            "attention: expected a model that weighs the places of a picture, found one that does not; take a transformer, or a network with "
                + "spatial attention"
        case .noPicture:
            "generate: expected pixel_values for a model that describes pictures, found tokens alone; give them with --inputs, or a picture "
                + "to attend caption"
        case .hearsOnly:
            "generate: expected a sound for a model that hears, found a text; give input_features with --inputs, or use attend transcribe"
        case .noTokenizer(let folder):
            "generate: expected a tokenizer in \(folder) for a text, found none; put its tokenizer.json there, or give tokens instead"
        case .noDecoderOfItsOwn(let tokens, let folder):
            "generate: expected nothing for a decoder to begin with, since the model in \(folder) continues what it reads, "
                + "found \(tokens) tokens; put them behind the others"
        }
    }
}
