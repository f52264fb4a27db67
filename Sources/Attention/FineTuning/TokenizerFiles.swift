import AttentionFiles

/// The files beside a model's weights that a model made of it keeps.
enum TokenizerFiles {
    /// What tokenizers are written in.
    private static let names = [
        "added_tokens.json", "chat_template.jinja", "merges.txt", "sentencepiece.bpe.model", "special_tokens_map.json",
        "spiece.model", "spm.model", "tokenizer.json", "tokenizer.model", "tokenizer_config.json", "vocab.json",
        "vocab.txt",
    ]

    /// Copies those that there are.
    static func copy(from folder: String, to directory: String) throws {
        try FolderFiles.copy(names, from: folder, to: directory)
    }
}

/// Files of a folder.
enum FolderFiles {
    /// Copies those of these files that there are.
    /// - Throws: `FileError` if one cannot be read or written.
    static func copy(_ names: [String], from folder: String, to directory: String) throws {
        try Directory.create(directory)
        for name in names where Directory.hasFile(folder + "/" + name) {
            try AtomicFile.write(try FileContents.read(folder + "/" + name), to: directory + "/" + name)
        }
    }
}
