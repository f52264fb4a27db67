import AttentionFiles

/// The characters that a model of speech tells apart, as Hugging Face's `Wav2Vec2CTCTokenizer` keeps them: `vocab.json` from characters to ids, and beside
/// it what stands between words and for no character.
public struct CharacterVocabulary: Sendable {
    /// The class that stands for no character.
    public let blank: Int
    let characters: [Int: String]
    let delimiter: String
    let special: Set<String>

    /// Reads `vocab.json` and, as far as they are there, `tokenizer_config.json` and `special_tokens_map.json` of a folder.
    /// - Throws: `TokenizerError` if the vocabulary is missing or of another kind.
    public init(folder: String) throws(TokenizerError) {
        let path = folder + "/vocab.json"
        guard Directory.hasFile(path) else { throw .noTokenizer(folder: folder, known: ["vocab.json"]) }
        guard case .object(let members) = try Self.document(path) else {
            throw .unusableFile(path: path, Self.unfit("an object of characters and ids", found: "another document"))
        }
        var characters: [Int: String] = [:]
        for member in members {
            guard case .number(let number) = member.value, let id: Int = number.exactly(), id >= 0 else {
                throw .unusableFile(path: path, Self.unfit("an id of \"\(member.key)\"", found: "something else"))
            }
            characters[id] = member.key
        }
        var settings: [String: String] = [:]
        for name in ["special_tokens_map.json", "tokenizer_config.json"] where Directory.hasFile(folder + "/" + name) {
            guard case .object(let members) = try Self.document(folder + "/" + name) else { continue }
            for member in members { settings[member.key] = Self.content(of: member.value) ?? settings[member.key] }
        }
        let padding = settings["pad_token"] ?? "<pad>"
        guard let blank = characters.first(where: { $0.value == padding })?.key else {
            throw .unusableFile(path: path, .missingPiece(stage: "characters", field: "pad_token", piece: padding))
        }
        self.blank = blank
        self.characters = characters
        delimiter = settings["word_delimiter_token"] ?? "|"
        special = Set(
            ["bos_token", "eos_token", "unk_token", "pad_token"].map { name in
                settings[name] ?? ["bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>"][name] ?? padding
            })
    }

    /// A special token as a string or as an object with its content.
    private static func content(of value: JSONValue) -> String? {
        switch value {
        case .string(let text): return text
        case .object(let members):
            if case .string(let text)? = members.first(where: { $0.key == "content" })?.value { return text }
            return nil
        default: return nil
        }
    }

    private static func document(_ path: String) throws(TokenizerError) -> JSONValue {
        let bytes: [UInt8]
        do { bytes = try FileContents.read(path) } catch { throw .file(error) }
        do { return try JSONParser.parse(bytes) } catch { throw .unusableFile(path: path, .malformed(error)) }
    }

    private static func unfit(_ expected: String, found: String) -> TokenizerError {
        .invalidField(stage: "characters", field: "", expected: expected, found: found)
    }

    /// How many ids there are, up to the largest.
    public var count: Int { (characters.keys.max() ?? -1) + 1 }

    /// Whether an id parts words.
    public func isDelimiter(_ id: Int) -> Bool { characters[id] == delimiter }

    /// The text of ids: characters without special ones, spaces between words.
    public func decode(_ ids: [Int]) -> String {
        ids.compactMap { id in
            guard let character = characters[id], !special.contains(character) else { return nil }
            return character == delimiter ? " " : character
        }.joined()
    }
}
