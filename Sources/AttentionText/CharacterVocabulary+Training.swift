public import AttentionFiles

extension CharacterVocabulary {
    /// The characters of texts that a model is to learn to write, in the order of Unicode, behind `<pad>`, which stands for no character, `<unk>`, and `|`,
    /// which stands between words.
    public init(of texts: some Sequence<String>) {
        var found: Set<Unicode.Scalar> = []
        for text in texts { found.formUnion(text.unicodeScalars) }
        let spoken = found.filter { $0 != " " && $0 != "|" }.sorted()
        let entries: [String] = ["<pad>", "<unk>", "|"] + spoken.map { String($0) }
        blank = 0
        characters = Dictionary(uniqueKeysWithValues: entries.enumerated().map { ($0.offset, $0.element) })
        delimiter = "|"
        special = ["<pad>", "<unk>"]
    }

    /// The ids of a text's characters, that of the delimiter for a space; characters that have none are left out.
    public func encode(_ text: String) -> [Int] {
        var ids: [Unicode.Scalar: Int] = [:]
        for (id, character) in characters where !special.contains(character) && character.unicodeScalars.count == 1 {
            for scalar in character.unicodeScalars { ids[scalar] = id }
        }
        ids[" "] = characters.first { $0.value == delimiter }?.key
        return text.unicodeScalars.compactMap { ids[$0] }
    }

    /// Writes `vocab.json` and `tokenizer_config.json`, as transformers' `Wav2Vec2CTCTokenizer` keeps them.
    /// - Throws: `FileError` if a file cannot be written.
    public func write(to folder: String) throws(FileError) {
        let entries = characters.sorted { $0.key < $1.key }
            .map { JSONMember($0.value, .number(JSONNumber($0.key))) }
        let settings = [
            JSONMember("tokenizer_class", "Wav2Vec2CTCTokenizer"),
            JSONMember("pad_token", .string(characters[blank] ?? "")),
            JSONMember("unk_token", "<unk>"), JSONMember("bos_token", .null), JSONMember("eos_token", .null),
            JSONMember("word_delimiter_token", .string(delimiter)), JSONMember("do_lower_case", false),
        ]
        for (name, members) in [("vocab.json", entries), ("tokenizer_config.json", settings)] {
            let bytes = JSONWriter.write(.object(members), as: .configuration) + [UInt8(ascii: "\n")]
            try AtomicFile.write(bytes, to: folder + "/" + name)
        }
    }
}
