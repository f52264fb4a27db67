import AttentionFiles

/// Functions that a model may call, described in JSON as transformers' `apply_chat_template` takes them:
///
///     [{"type": "function", "function": {"name": "weather", "description": "…", "parameters": {"type": "object", "properties": …}}}]
public struct ChatTools: Sendable {
    let json: JSONValue

    /// - Throws: `ChatError` if the text is no such array.
    public init(json text: String) throws(ChatError) {
        json = try ChatTemplate.document(text, "tools")
        guard case .array(let items) = json, !items.isEmpty else {
            throw .badFile("tools", reason: "expected an array of functions, found \(json.summary)")
        }
        for item in items {
            guard case .string? = (item["function"] ?? item)["name"] else {
                throw .badFile("tools", reason: "expected a function with a name in each, found \(item.summary)")
            }
        }
    }
}

extension JSONValue {
    /// A member of an object; nil if it has none, or is none.
    subscript(key: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }
}
