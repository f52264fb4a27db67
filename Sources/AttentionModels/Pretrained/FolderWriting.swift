import AttentionFiles
import AttentionTensors

/// How a model is written as a folder that the reference reads.
enum FolderWriting {
    /// Writes `model.safetensors`, in float32, and `config.json`.
    ///
    /// The configuration comes last, so that there is never one beside the tensors of another model.
    /// - Throws: `FileError` or `SafetensorsError` if a file cannot be written.
    static func write(_ tensors: [NamedTensor], _ configuration: [UInt8], to directory: String) throws {
        try Directory.create(directory)
        let weights = try Safetensors.written(
            tensors.map { Safetensors.Entry($0.name, $0.tensor) }, metadata: ["format": "pt"],
            replacing: directory + "/model.safetensors")
        let file = try AtomicFile(replacing: directory + "/config.json")
        try file.write(configuration)
        try weights.synchronize()
        try file.synchronize()
        try file.removeOld()
        try weights.commit()
        try file.commit()
    }

    /// A configuration as it is written: what stands beside it is float32, whatever was read.
    static func configuration(_ document: JSONValue) -> [UInt8] {
        var changes: [JSONMember] = []
        if case .object(let members) = document {
            changes = members.filter { ["dtype", "torch_dtype"].contains($0.key) && $0.value != .null }
                .map { JSONMember($0.key, "float32") }
        }
        return JSONWriter.write(document.replacing(changes), as: .configuration) + [UInt8(ascii: "\n")]
    }
}
