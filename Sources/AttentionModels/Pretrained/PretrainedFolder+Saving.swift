package import AttentionFiles
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
    /// float32, and `config.json` as it was with the class, what its classes are called, and what else has changed.
    /// - Throws: `FileError` or `SafetensorsError` if a file cannot be written.
    package func write(
        _ model: EncoderModel, as task: EncoderTask, changing others: [JSONMember] = [], to directory: String
    ) throws {
        let tensors = try tensors(of: model, as: task)
        let configuration = try configurationBytes(for: task, labels: model.head.labels, changing: others)
        try FolderWriting.write(tensors, configuration, to: directory)
    }

    /// The configuration of a model of this folder for a task.
    func configurationBytes(
        for task: EncoderTask, labels: [String], changing others: [JSONMember] = []
    ) throws -> [UInt8] {
        let names = try encoderFamily().classNames
        let name = names.first { architecture.hasPrefix($0) } ?? names[0]
        var changes = [JSONMember("architectures", .array([.string(name + task.rawValue)]))]
        changes += Self.members(of: labels) + others
        if task == .sequences { changes.append(JSONMember("problem_type", "single_label_classification")) }
        return FolderWriting.configuration(document.replacing(changes))
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
