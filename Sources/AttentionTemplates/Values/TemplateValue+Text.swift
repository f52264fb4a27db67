/// Values as text.
extension TemplateValue {
    /// `str(value)` of Python; nothing for what is undefined.
    var text: String {
        switch self {
        case .undefined: ""
        case .string(let text): text
        default: representation
        }
    }

    /// `repr(value)` of Python.
    var representation: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "None"
        case .boolean(let value): value ? "True" : "False"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let text): Self.quoted(text)
        case .list(let list) where list.isTuple:
            "(" + list.items.map(\.representation).joined(separator: ", ") + (list.items.count == 1 ? ",)" : ")")
        case .list(let list): "[" + list.items.map(\.representation).joined(separator: ", ") + "]"
        case .dictionary(let dictionary):
            "{"
                + dictionary.members.map { "\($0.key.representation): \($0.value.representation)" }
                .joined(separator: ", ") + "}"
        case .namespace: "<Namespace>"
        case .loop(let loop): "<LoopContext \(loop.index + 1)/\(loop.items.count)>"
        case .macro(let macro): "<Macro '\(macro.statement.name)'>"
        case .function(let name): "<function \(name)>"
        case .method(_, let name): "<built-in method \(name)>"
        }
    }

    /// A string as Python writes it in a list: in double quotes where it has only single ones in it.
    private static func quoted(_ text: String) -> String {
        let quote: Unicode.Scalar = text.contains("'") && !text.contains("\"") ? "\"" : "'"
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                let isPrintable =
                    switch scalar.properties.generalCategory {
                    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator:
                        false
                    case .spaceSeparator: scalar == " "
                    default: true
                    }
                if isPrintable { result.unicodeScalars.append(scalar) } else { result += escaped(scalar) }
            }
        }
        return result + String(quote)
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (letter, count) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: count - digits.count) + digits
    }
}
