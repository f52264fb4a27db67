public import AttentionFiles
public import AttentionTensors

/// The tensors of a pretrained model by name: one `model.safetensors`, shards with an index, a file in Marian's container or in the GGUF format.
/// Mapped, never read as a whole.
public struct Checkpoint: Sendable {
    /// How names are spelt.
    enum Naming: Sendable {
        /// As transformers spells them.
        case reference
        /// As llama.cpp does.
        case gguf
        /// As the modules here call their own parameters.
        case own
    }

    /// How the names are spelt.
    let naming: Naming
    /// All names, in the order of the files.
    public let names: [String]
    /// How errors name it: the file, or the folder of the shards.
    public let source: String
    private let holders: [String: Holder]

    /// Where a tensor is.
    private enum Holder: Sendable {
        case file(SafetensorsFile)
        /// Made already; its numbers lie in a file nevertheless.
        case parameter(Parameter)
    }

    /// The tensors of one file.
    public init(_ file: SafetensorsFile) {
        names = file.names
        source = file.source
        let published = file.metadata[Self.namingKey]
        naming = published == nil ? .reference : .own
        publishedNames = Set(published?.split(separator: "\n").map(String.init) ?? [])
        holders = Dictionary(uniqueKeysWithValues: file.names.map { ($0, .file(file)) })
    }

    /// What is noted beside tensors under the names of this package: the names that the model was published with, one a line.
    static let namingKey = "published_names"
    private let publishedNames: Set<String>

    /// The tensors of a GGUF file.
    /// - Throws: `GGUFError` if one of them is of a type that is not read here.
    public init(_ file: GGUFFile) throws(GGUFError) {
        var holders: [String: Holder] = [:]
        for name in file.names { holders[name] = .parameter(try file.parameter(named: name)) }
        (names, self.holders, source, naming) = (file.names, holders, file.source, .gguf)
        publishedNames = []
    }

    /// The matrices and vectors of one file in Marian's container.
    /// - Throws: `MarianFileError` if one of them cannot be used.
    public init(_ file: MarianFile) throws(MarianFileError) {
        var (names, holders): ([String], [String: Holder]) = ([], [:])
        for name in file.names where !name.hasPrefix("special:") {
            names.append(name)
            holders[name] = .parameter(try file.parameter(named: name))
        }
        (self.names, self.holders, source, naming) = (names, holders, file.source, .reference)
        publishedNames = []
    }

    /// The tensors of the folder at `path`.
    /// - Throws: `PretrainedError` if there are none, or the index and the shards contradict each other; `SafetensorsError` if a file is
    ///   damaged.
    public init(folder path: String) throws {
        let (single, index) = (path + "/model.safetensors", path + "/model.safetensors.index.json")
        if Directory.hasFile(single) {
            self.init(try SafetensorsFile(path: single))
        } else if Directory.hasFile(index) {
            try self.init(shards: path, index: index)
        } else {
            let other = ["pytorch_model.bin", "pytorch_model.bin.index.json"].first {
                Directory.hasFile(path + "/" + $0)
            }
            throw PretrainedError.noWeights(folder: path, found: other)
        }
    }

    private init(shards path: String, index: String) throws {
        let document = try ConfigurationFile.document(index)
        guard case .object(let members) = document,
            case .object(let map)? = members.first(where: { $0.key == "weight_map" })?.value
        else { throw PretrainedError.badIndex(index, reason: "it has no weight_map") }
        var opened: [String: SafetensorsFile] = [:]
        var holders: [String: Holder] = [:]
        for entry in map {
            guard case .string(let name) = entry.value, !name.contains("/") else {
                throw PretrainedError.badIndex(index, reason: "the file of \(entry.key) is \(entry.value.summary)")
            }
            let file = try opened[name] ?? SafetensorsFile(path: path + "/" + name)
            opened[name] = file
            guard file.contains(entry.key) else {
                throw PretrainedError.badIndex(index, reason: "\(name) does not hold \(entry.key)")
            }
            holders[entry.key] = .file(file)
        }
        self.holders = holders
        names = map.map(\.key)
        source = path
        (naming, publishedNames) = (.reference, [])
    }

    /// Whether the model was published with a tensor of this name, however names are spelt here.
    func wasPublished(with name: String) -> Bool { contains(name) || publishedNames.contains(name) }

    /// Whether there is a tensor of this name.
    public func contains(_ name: String) -> Bool { holders[name] != nil }

    /// The parameter of this name; its numbers stay in the file.
    /// - Throws: `SafetensorsError` if there is none, or its type is of no use.
    public func parameter(named name: String) throws(SafetensorsError) -> Parameter {
        switch holders[name] {
        case .file(let file)?: return try file.parameter(named: name)
        case .parameter(let parameter)?: return parameter
        case nil: throw .missing(name: name, source: source)
        }
    }
}
