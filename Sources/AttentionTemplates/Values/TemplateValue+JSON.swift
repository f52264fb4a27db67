/// How `tojson` writes, by Python's `json.dumps`.
struct TemplateJSONLayout {
    /// What a line of a member begins with, once a level; nil for everything on one line.
    var indentation: String?
    var itemSeparator = ", "
    var keySeparator = ": "
    var sortsKeys = false
    var isASCII = false
}

extension TemplateValue {
    /// The value as JSON; nil if part of it is no value of JSON.
    func json(_ layout: TemplateJSONLayout, level: Int = 0) -> String? {
        switch self {
        case .none: return "null"
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return "\(value)"
        case .number(let value):
            return value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : "\(value)"
        case .string(let text): return Self.jsonText(text, isASCII: layout.isASCII)
        case .list(let list):
            var parts: [String] = []
            for item in list.items {
                guard let part = item.json(layout, level: level + 1) else { return nil }
                parts.append(part)
            }
            return Self.bracketed("[", parts, "]", layout, level)
        case .dictionary(let dictionary):
            var parts: [String] = []
            let members = dictionary.members
            let order =
                layout.sortsKeys
                ? members.indices.sorted { members[$0].key.isLess(than: members[$1].key) ?? false }
                : Array(members.indices)
            for index in order {
                guard let key = members[index].key.jsonKey,
                    let part = members[index].value.json(layout, level: level + 1)
                else { return nil }
                parts.append(Self.jsonText(key, isASCII: layout.isASCII) + layout.keySeparator + part)
            }
            return Self.bracketed("{", parts, "}", layout, level)
        default: return nil
        }
    }

    private var jsonKey: String? {
        switch self {
        case .string(let text): text
        case .none, .boolean, .integer, .number: json(TemplateJSONLayout())
        default: nil
        }
    }

    private static func bracketed(
        _ open: String, _ parts: [String], _ close: String, _ layout: TemplateJSONLayout, _ level: Int
    ) -> String {
        guard let indentation = layout.indentation, !parts.isEmpty else {
            return open + parts.joined(separator: layout.itemSeparator) + close
        }
        let line = "\n" + String(repeating: indentation, count: level + 1)
        return open + line + parts.joined(separator: layout.itemSeparator + line)
            + "\n" + String(repeating: indentation, count: level) + close
    }

    private static func jsonText(_ text: String, isASCII: Bool) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{C}": result += "\\f"
            default:
                if scalar.value >= 0x20, scalar.value < 0x80 || !isASCII {
                    result.unicodeScalars.append(scalar)
                } else {
                    for unit in String(scalar).utf16 {
                        let digits = String(unit, radix: 16)
                        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                    }
                }
            }
        }
        return result + "\""
    }
}
