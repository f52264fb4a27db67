import AttentionFiles
import AttentionModels
import AttentionText

/// The tokenizer of a model that is being trained, and where it is from.
struct TrainingTokenizer: Sendable {
    let tokenizer: Tokenizer
    /// The folder that it was read from; nil if it was given or made.
    private let folder: String?

    /// That of the folder of the model to start from.
    init(folder: String) throws {
        tokenizer = try Tokenizer(folder: folder)
        self.folder = folder
    }

    /// The one that is given, or else the one that lies in the folder of a training that is resumed, or else a new one, which is laid there if it is kept.
    init(given: Tokenizer?, directory: String, isResumed: Bool, isKept: Bool, make: () throws -> Tokenizer) throws {
        let path = directory + "/tokenizer.json"
        folder = nil
        if isResumed, Directory.hasFile(path) {
            tokenizer = try given ?? Tokenizer(contentsOf: path)
        } else {
            tokenizer = try given ?? make()
            if isKept { try tokenizer.write(to: path) }
        }
    }

    /// The id of the first of these pieces that there is.
    func id(of pieces: [String]) throws(TextTrainingError) -> Int {
        guard let id = pieces.lazy.compactMap({ tokenizer.id(of: $0) }).first else { throw .missingPiece(pieces) }
        return id
    }

    /// Lays the tokenizer beside a model, so that the tasks here find it, and transformers, too.
    func write(to directory: String) throws {
        if let folder { return try TokenizerFiles.copy(from: folder, to: directory) }
        try tokenizer.write(to: directory + "/tokenizer.json")
        let special = [
            ("eos_token", ["<|endoftext|>", "</s>", "<eos>"]), ("pad_token", ["<pad>"]), ("unk_token", ["<unk>"]),
        ]
        var members: [JSONMember] = [
            JSONMember("tokenizer_class", "PreTrainedTokenizerFast"), JSONMember("clean_up_tokenization_spaces", false),
        ]
        for (name, pieces) in special {
            if let piece = pieces.first(where: { tokenizer.id(of: $0) != nil }) {
                members.append(JSONMember(name, .string(piece)))
            }
        }
        try AtomicFile.write(
            JSONWriter.write(.object(members), as: .lines) + [UInt8(ascii: "\n")],
            to: directory + "/tokenizer_config.json")
    }
}
