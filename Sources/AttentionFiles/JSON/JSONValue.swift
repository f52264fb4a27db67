/// A JSON document as it was written: objects keep the order of their members, and two keys are the same only if their
/// bytes are (a vocabulary may hold both `é` and `e` + U+0301, which compare equal as `String`s).
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])
    /// A long array or object of short entries; only parsers that were asked to make one do.
    case table(JSONTable)

    /// What this value is, for an error sentence.
    package var summary: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .number(let value): "the number \(value)"
        case .string(let value): "the string \"\(value)\""
        case .array: "an array"
        case .object: "an object"
        case .table(let table): table.summary
        }
    }
}

extension JSONValue {
    /// The same value, a table as a tree.
    package var withoutTables: JSONValue { if case .table(let table) = self { table.tree } else { self } }
}

/// One `"key": value` of a JSON object.
package struct JSONMember: Sendable {
    package let key: String
    package let value: JSONValue

    package init(_ key: String, _ value: JSONValue) {
        self.key = key
        self.value = value
    }
}

extension JSONValue: Equatable {
    /// Whether both say the same, byte for byte in their strings, with the members in the same order.
    package static func == (first: JSONValue, second: JSONValue) -> Bool {
        switch (first, second) {
        case (.null, .null): true
        case (.bool(let first), .bool(let second)): first == second
        case (.number(let first), .number(let second)): first == second
        case (.string(let first), .string(let second)): first.utf8.elementsEqual(second.utf8)
        case (.array(let first), .array(let second)): first == second
        case (.object(let first), .object(let second)):
            first.elementsEqual(second) { $0.key.utf8.elementsEqual($1.key.utf8) && $0.value == $1.value }
        case (.table(let first), .table(let second)): first == second
        default: false
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
}
