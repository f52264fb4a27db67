package import AttentionFiles

/// A function that a model asks for in its answer.
public struct ToolCall: Sendable, Hashable {
    /// What its result refers to it by: the model's own name for it, or its number in the conversation, in nine digits.
    public let id: String
    /// The function.
    public let name: String
    /// Its arguments, as templates read them.
    package let values: JSONValue

    package init(id: String, name: String, values: JSONValue) { (self.id, self.name, self.values) = (id, name, values) }

    /// Its arguments as JSON, mostly an object.
    public var arguments: String { String(decoding: JSONWriter.write(values, as: .compact), as: UTF8.self) }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(id)
        hasher.combine(name)
        hasher.combine(arguments)
    }

    /// As templates read it.
    package var json: JSONValue {
        .object([
            JSONMember("type", "function"), JSONMember("id", .string(id)),
            JSONMember("function", .object([JSONMember("name", .string(name)), JSONMember("arguments", values)])),
        ])
    }
}
