/// A file in the GGUF format, in which llama.cpp and its relatives keep models: metadata by key, and tensors by name.
///
/// Opening reads and checks the header alone; the file is mapped, so that tensors never asked for are never read. Versions 2 and 3.
/// Source: the format's description at https://github.com/ggml-org/ggml/blob/master/docs/gguf.md.
public struct GGUFFile: Sendable {
    /// One tensor.
    package struct Entry: Sendable {
        package let name: String
        /// The sizes of the axes, the outermost first; the file has them the other way round.
        package let sizes: [Int]
        package let type: GGUFTensorType
        package let bytes: SharedBytes
    }

    /// The path, or what the caller called the bytes: how errors name it.
    public let source: String
    /// The tensors' names in the order of the file.
    public let names: [String]
    /// What is said about them.
    package let metadata: [String: GGUFValue]
    private let entries: [String: Entry]

    /// Opens the file at `path`.
    /// - Throws: `GGUFError` if it cannot be read or is not a whole GGUF file.
    public init(path: String) throws(GGUFError) {
        let bytes: ReadOnlyBytes
        do { bytes = try ReadOnlyBytes(contentsOf: path) } catch { throw .file(error) }
        try self.init(bytes, source: path)
    }

    /// Reads a file's contents from memory; errors call them `source`.
    /// - Throws: `GGUFError` if they are not a whole GGUF file.
    public init(_ bytes: [UInt8], source: String) throws(GGUFError) {
        try self.init(ReadOnlyBytes(bytes), source: source)
    }

    /// Whether `path` names such a file rather than a folder.
    public static func isOne(at path: String) -> Bool { path.hasSuffix(".gguf") && !Directory.isDirectory(path) }

    private init(_ bytes: ReadOnlyBytes, source: String) throws(GGUFError) {
        let header = try GGUFHeader(SharedBytes(bytes, 0..<bytes.count), source: source)
        var entries: [String: Entry] = [:]
        for tensor in header.tensors {
            entries[tensor.name] = Entry(
                name: tensor.name, sizes: tensor.sizes, type: tensor.type, bytes: SharedBytes(bytes, tensor.range))
        }
        (self.source, self.entries, metadata) = (source, entries, header.metadata)
        names = header.tensors.map(\.name)
    }

    /// A tensor.
    /// - Throws: `GGUFError.missing` if there is none of this name.
    package func entry(_ name: String) throws(GGUFError) -> Entry {
        guard let entry = entries[name] else { throw .missing(name: name, source: source) }
        return entry
    }

    /// Whether there is a tensor of this name.
    public func contains(_ name: String) -> Bool { entries[name] != nil }

    /// How conversations are laid out for the model, as a Jinja template; nil if nothing is said.
    public var chatTemplate: String? {
        guard case .string(let template)? = metadata["tokenizer.chat_template"] else { return nil }
        return template
    }
}

extension GGUFFile {
    /// A text of the metadata; nil if there is none.
    /// - Throws: `GGUFError.badMetadata` if there is something else.
    package func string(_ key: String) throws(GGUFError) -> String? {
        guard let value = metadata[key] else { return nil }
        guard case .string(let text) = value else { throw error(key, expected: "a text", found: value.summary) }
        return text
    }

    /// An integer of the metadata; nil if there is none.
    /// - Throws: `GGUFError.badMetadata` if there is something else.
    package func integer(_ key: String) throws(GGUFError) -> Int? {
        guard let value = metadata[key] else { return nil }
        guard case .integer(let number) = value else { throw error(key, expected: "an integer", found: value.summary) }
        return number
    }

    /// A number of the metadata; nil if there is none.
    /// - Throws: `GGUFError.badMetadata` if there is something else.
    package func number(_ key: String) throws(GGUFError) -> Double? {
        switch metadata[key] {
        case nil: nil
        case .integer(let number)?: Double(number)
        case .number(let number)? where number.isFinite: number
        case let value?: throw error(key, expected: "a number", found: value.summary)
        }
    }

    /// A truth value of the metadata; nil if there is none.
    /// - Throws: `GGUFError.badMetadata` if there is something else.
    package func flag(_ key: String) throws(GGUFError) -> Bool? {
        guard let value = metadata[key] else { return nil }
        guard case .flag(let flag) = value else { throw error(key, expected: "true or false", found: value.summary) }
        return flag
    }

    /// A list of texts of the metadata; nil if there is none.
    /// - Throws: `GGUFError.badMetadata` if there is something else.
    package func strings(_ key: String) throws(GGUFError) -> [String]? {
        guard let value = metadata[key] else { return nil }
        guard case .array(let array) = value, let strings = array.strings else {
            throw error(key, expected: "a list of texts in UTF-8", found: value.summary)
        }
        return strings
    }

    /// A list of numbers of the metadata; nil if there is none.
    /// - Throws: `GGUFError.badMetadata` if there is something else.
    package func numbers(_ key: String) throws(GGUFError) -> [Double]? {
        guard let value = metadata[key] else { return nil }
        guard case .array(let array) = value, let numbers = array.numbers else {
            throw error(key, expected: "a list of numbers", found: value.summary)
        }
        return numbers
    }

    /// That the metadata do not serve.
    package func error(_ key: String, expected: String, found: String) -> GGUFError {
        .badMetadata(key: key, source: source, expected: expected, found: found)
    }
}
