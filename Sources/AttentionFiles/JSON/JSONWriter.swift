/// Writes a JSON document.
package struct JSONWriter {
    /// How a document is laid out.
    package enum Layout: Sendable {
        /// Without a space.
        case compact
        /// A line for every member and element, `"key" : value`: how models and settings are kept.
        case lines
        /// The same, every number with a point that has one: transformers refuses a configuration with 1 where it wants 1.0.
        case configuration
        /// A line for every member, arrays of plain values on one: how the reference writes `tokenizer.json`.
        case tokenizer
    }

    private var bytes: [UInt8] = []
    private let layout: Layout

    /// The document holding `value`, in UTF-8.
    package static func write(_ value: JSONValue, as layout: Layout = .tokenizer) -> [UInt8] {
        var writer = JSONWriter(layout: layout)
        writer.append(value, indentation: 0)
        return writer.bytes
    }

    private init(layout: Layout) { self.layout = layout }

    private mutating func append(_ value: JSONValue, indentation: Int) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .number(let value): append(layout == .configuration ? value.withPoint : value.description)
        case .string(let value): appendQuoted(value)
        case .array(let values):
            append("[")
            for (index, value) in values.enumerated() {
                if index > 0 { append(",") }
                breakLine(indentation + 1, unless: layout == .tokenizer && value.isPlain)
                append(value, indentation: indentation + 1)
            }
            if values.isEmpty { leaveEmptyLine() }
            breakLine(indentation, unless: layout == .tokenizer && values.allSatisfy(\.isPlain))
            append("]")
        case .object(let members):
            append("{")
            for (index, member) in members.enumerated() {
                if index > 0 { append(",") }
                breakLine(indentation + 1, unless: false)
                appendQuoted(member.key)
                append(layout.colon)
                append(member.value, indentation: indentation + 1)
            }
            if members.isEmpty { leaveEmptyLine() }
            breakLine(indentation, unless: layout == .tokenizer && members.isEmpty)
            append("}")
        case .table(let table): append(table.tree, indentation: indentation)
        }
    }

    private mutating func append(_ text: String) {
        bytes += text.utf8
    }

    private mutating func breakLine(_ indentation: Int, unless stays: Bool) {
        guard !stays, layout != .compact else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: 2 * indentation)
    }

    /// What stands in empty brackets where every member has a line.
    private mutating func leaveEmptyLine() {
        if [.lines, .configuration].contains(layout) { append("\n") }
    }

    private mutating func appendQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: append("\\b")
            case 0x0C: append("\\f")
            case UInt8(ascii: "\n"): append("\\n")
            case UInt8(ascii: "\r"): append("\\r")
            case UInt8(ascii: "\t"): append("\\t")
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                append(byte < 16 ? "\\u000\(digits)" : "\\u00\(digits)")
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONWriter.Layout {
    fileprivate var colon: String {
        switch self {
        case .compact: ":"
        case .lines, .configuration: " : "
        case .tokenizer: ": "
        }
    }
}

extension JSONValue {
    /// Whether this is neither an array nor an object.
    fileprivate var isPlain: Bool {
        switch self {
        case .array, .object, .table: false
        default: true
        }
    }
}
