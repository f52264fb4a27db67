/// Writes a JSON document, indented by two spaces as the reference does, with arrays of plain values on one line.
package struct JSONWriter {
    private var bytes: [UInt8] = []

    /// The document holding `value`, in UTF-8.
    package static func write(_ value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.append(value, indentation: 0)
        return writer.bytes
    }

    private mutating func append(_ value: JSONValue, indentation: Int) {
        switch value {
        case .null: append("null")
        case .bool(let value): append(value ? "true" : "false")
        case .number(let value): append(Int(exactly: value).map(String.init) ?? value.description)
        case .string(let value): appendQuoted(value)
        case .array(let values):
            append("[")
            for (index, value) in values.enumerated() {
                if index > 0 { append(",") }
                breakLine(indentation + 1, unless: value.isPlain)
                append(value, indentation: indentation + 1)
            }
            breakLine(indentation, unless: values.allSatisfy(\.isPlain))
            append("]")
        case .object(let members):
            append("{")
            for (index, member) in members.enumerated() {
                if index > 0 { append(",") }
                breakLine(indentation + 1, unless: false)
                appendQuoted(member.key)
                append(": ")
                append(member.value, indentation: indentation + 1)
            }
            breakLine(indentation, unless: members.isEmpty)
            append("}")
        }
    }

    private mutating func append(_ text: String) {
        bytes += text.utf8
    }

    private mutating func breakLine(_ indentation: Int, unless stays: Bool) {
        guard !stays else { return }
        bytes.append(UInt8(ascii: "\n"))
        bytes += repeatElement(UInt8(ascii: " "), count: 2 * indentation)
    }

    private mutating func appendQuoted(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                append(byte < 16 ? "\\u000\(digits)" : "\\u00\(digits)")
            default:
                bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONValue {
    /// Whether this is neither an array nor an object.
    fileprivate var isPlain: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }
}
