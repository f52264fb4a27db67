import AttentionFiles

/// How GGUF files have models of a family: what they call it, where parameters lie in them, and what they say of it.
public struct GGUFForm: Sendable {
    /// What `general.architecture` says, with which the keys of the metadata begin.
    let architecture: String
    /// Where each parameter lies.
    let names: @Sendable (ConfigurationFields) throws -> CheckpointMap
    /// What the configuration says beside what it says of all families.
    let members: @Sendable (GGUFMetadata) throws -> [JSONMember]

    init(
        _ architecture: String, _ names: @escaping @Sendable (ConfigurationFields) throws -> CheckpointMap,
        members: @escaping @Sendable (GGUFMetadata) throws -> [JSONMember] = { _ in [] }
    ) {
        (self.architecture, self.names, self.members) = (architecture, names, members)
    }

    /// Tensors that are read with the configuration, or not at all.
    let unused = ["rope_freqs.weight", "rope_factors_*", "output.weight"]
}

/// What a GGUF file says of its model.
struct GGUFMetadata {
    let file: GGUFFile
    let architecture: String

    /// The whole name of a key of the architecture.
    func key(_ name: String) -> String { architecture + "." + name }

    /// A member of the configuration with the integer of this key; none if there is none.
    func integer(_ name: String, as field: String) throws(GGUFError) -> [JSONMember] {
        try file.integer(key(name)).map { [JSONMember(field, .number(JSONNumber($0)))] } ?? []
    }

    /// A member of the configuration with the number of this key; none if there is none.
    func number(_ name: String, as field: String) throws(GGUFError) -> [JSONMember] {
        try file.number(key(name)).map { [JSONMember(field, .number(JSONNumber($0)))] } ?? []
    }

    /// An integer that there must be.
    func required(_ name: String) throws(GGUFError) -> Int {
        guard let number = try file.integer(key(name)) else {
            throw file.error(key(name), expected: "an integer", found: "nothing")
        }
        return number
    }
}
