import AttentionFiles
public import AttentionTensors

/// The tensors of a pretrained folder by name: one `model.safetensors`, or shards with an index. Mapped, never read as a whole.
public struct Checkpoint: Sendable {
    /// All names, in the order of the files.
    public let names: [String]
    /// How errors name it: the file, or the folder of the shards.
    public let source: String
    private let files: [String: SafetensorsFile]

    /// The tensors of one file.
    public init(_ file: SafetensorsFile) {
        names = file.names
        source = file.source
        files = Dictionary(uniqueKeysWithValues: file.names.map { ($0, file) })
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
        let document = try JSONParser.parse(try FileContents.read(index))
        guard case .object(let members) = document,
            case .object(let map)? = members.first(where: { $0.key == "weight_map" })?.value
        else { throw PretrainedError.badIndex(index, reason: "it has no weight_map") }
        var opened: [String: SafetensorsFile] = [:]
        var files: [String: SafetensorsFile] = [:]
        for entry in map {
            guard case .string(let name) = entry.value, !name.contains("/") else {
                throw PretrainedError.badIndex(index, reason: "the file of \(entry.key) is \(entry.value.summary)")
            }
            let file = try opened[name] ?? SafetensorsFile(path: path + "/" + name)
            opened[name] = file
            guard file.contains(entry.key) else {
                throw PretrainedError.badIndex(index, reason: "\(name) does not hold \(entry.key)")
            }
            files[entry.key] = file
        }
        self.files = files
        names = map.map(\.key)
        source = path
    }

    /// Whether there is a tensor of this name.
    public func contains(_ name: String) -> Bool { files[name] != nil }

    /// The parameter of this name; its numbers stay in the file.
    /// - Throws: `SafetensorsError` if there is none, or its type is of no use.
    public func parameter(named name: String) throws(SafetensorsError) -> Parameter {
        guard let file = files[name] else { throw .missing(name: name, source: source) }
        return try file.parameter(named: name)
    }
}
