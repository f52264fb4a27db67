import AttentionJSON

/// Pieces of JSON Schema, for the description of the routes.
enum Schema {
    static let string: JSONValue = ["type": "string"]
    static let flag: JSONValue = ["type": "boolean"]
    static let integer: JSONValue = ["type": "integer"]
    static let number: JSONValue = ["type": "number"]

    static func array(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }
    static func any(_ options: JSONValue...) -> JSONValue { ["anyOf": .array(options)] }
    /// One of these words.
    static func word(_ words: [String]) -> JSONValue { ["type": "string", "enum": .array(words.map { .string($0) })] }
    static let texts = any(string, array(string))

    /// An object; what is not named may be there, too.
    static func object(
        required: [String] = [], _ members: KeyValuePairs<String, JSONValue>,
        _ more: KeyValuePairs<String, JSONValue> = [:]
    ) -> JSONValue {
        [
            "type": "object", "required": .array(required.map { .string($0) }),
            "properties": .object((Array(members) + Array(more)).map { JSONMember($0.key, $0.value) }),
        ]
    }
}
