import AttentionFiles
import AttentionTensors

extension PretrainedFolder {
    /// The parameters of a model that was made of this folder, under the names that the reference gives them.
    /// - Throws: `PretrainedError` if the family has no text encoders.
    public func tensors(of model: EncoderModel, as task: EncoderTask) throws -> [NamedTensor] {
        let family = try encoderFamily()
        let map = try reportingConfiguration { try family.names(for: task, fields) }
        return try model.tensors(map, backbone: task == .features ? nil : family.backbone)
    }

    /// Writes a model that was made of this folder as a folder that the reference reads: `model.safetensors` under the reference's names, in
    /// float32, and `config.json` as it was with the class, and what its classes are called.
    ///
    /// The configuration comes last, so that there is never one beside the tensors of another model.
    /// - Throws: `FileError` or `SafetensorsError` if a file cannot be written.
    public func write(_ model: EncoderModel, as task: EncoderTask, to directory: String) throws {
        let tensors = try tensors(of: model, as: task)
        try Directory.create(directory)
        let weights = try Safetensors.written(
            tensors.map { Safetensors.Entry($0.name, $0.tensor) }, metadata: ["format": "pt"],
            replacing: directory + "/model.safetensors")
        let configuration = try AtomicFile(replacing: directory + "/config.json")
        try configuration.write(configurationBytes(for: task, labels: model.head.labels))
        try weights.synchronize()
        try configuration.synchronize()
        try configuration.removeOld()
        try weights.commit()
        try configuration.commit()
    }

    /// The configuration of a model of this folder for a task.
    func configurationBytes(for task: EncoderTask, labels: [String]) throws -> [UInt8] {
        let names = try encoderFamily().classNames
        let name = names.first { architecture.hasPrefix($0) } ?? names[0]
        var changes = [JSONMember("architectures", .array([.string(name + task.rawValue)]))]
        changes += Self.members(of: labels)
        if task == .sequences { changes.append(JSONMember("problem_type", "single_label_classification")) }
        // What is written is float32, whatever was read.
        changes += ["dtype", "torch_dtype"].filter(fields.has).map { JSONMember($0, "float32") }
        return JSONWriter.write(document.replacing(changes), as: .lines) + [UInt8(ascii: "\n")]
    }
}

extension JSONValue {
    /// An object with these members in the places of those of the same keys, or behind all others.
    func replacing(_ changes: [JSONMember]) -> JSONValue {
        guard case .object(let members) = self else { return self }
        let kept = members.map { member in changes.last { $0.key == member.key } ?? member }
        return .object(kept + changes.filter { change in !members.contains { $0.key == change.key } })
    }
}
