/// What stands inside a tag.
extension TemplateLexer {
    private static let symbols = [
        "==", "!=", ">=", "<=", "//", "**", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=",
        ".",
        ":", "|", ",", ";",
    ]

    /// Reads the words of a tag up to its end, which counts only where no bracket is open.
    mutating func readTag(_ begin: TemplateToken.Kind, _ end: TemplateToken.Kind) throws(TemplateError) {
        let ending = end == .printEnd ? "}}" : "%}"
        let first = line
        result.append(TemplateToken(kind: begin, line: line))
        var open: [String] = []
        while true {
            skipSpace()
            let ended = line
            if open.isEmpty, skipEnd(ending) {
                result.append(TemplateToken(kind: end, line: ended))
                return
            }
            guard position < scalars.count else {
                throw TemplateError(
                    line: first, .syntax(expected: "a tag with its \(ending)", found: "the end of the template"))
            }
            let kind = try word()
            switch kind {
            case .symbol("("): open.append(")")
            case .symbol("["): open.append("]")
            case .symbol("{"): open.append("}")
            case .symbol(let symbol) where symbol == ")" || symbol == "]" || symbol == "}":
                guard let wanted = open.popLast(), wanted == symbol else {
                    throw error(
                        expected: "no bracket that is closed without having been opened", found: "\"\(symbol)\"")
                }
            default: break
            }
            result.append(TemplateToken(kind: kind, line: ended))
        }
    }

    private mutating func word() throws(TemplateError) -> TemplateToken.Kind {
        let scalar = scalars[position]
        if scalar == "'" || scalar == "\"" { return .string(try string(until: scalar)) }
        if scalar.isDigit { return try number() }
        if scalar == "_" || scalar.properties.isXIDStart {
            let start = position
            while let next = peek(), next == "_" || next.properties.isXIDContinue { position += 1 }
            return .name(String(scalars[start..<position]))
        }
        guard let symbol = Self.symbols.first(where: { stands($0, at: position) }) else {
            throw error(expected: "a name, a value or an operator", found: "\"\(scalar)\"")
        }
        position += symbol.unicodeScalars.count
        return .symbol(symbol)
    }

    private mutating func digits() -> String {
        var digits = ""
        while let next = peek(), next.isDigit || next == "_" && peek(1)?.isDigit == true {
            if next != "_" { digits.unicodeScalars.append(next) }
            position += 1
        }
        return digits
    }

    private mutating func number() throws(TemplateError) -> TemplateToken.Kind {
        let isBehindPoint = position > 0 && scalars[position - 1] == "."
        let whole = digits()
        var text = whole
        if !isBehindPoint {
            if peek() == ".", peek(1)?.isDigit == true {
                position += 1
                text += "." + digits()
            }
            let sign = peek(1) == "+" || peek(1) == "-" ? 1 : 0
            if peek() == "e" || peek() == "E", peek(1 + sign)?.isDigit == true {
                text += "e" + (peek(1) == "-" ? "-" : "")
                position += 1 + sign
                text += digits()
            }
        }
        if text != whole, let value = Double(text) { return .number(value) }
        guard let value = Int(whole) else { throw error(expected: "a number of at most 64 bits", found: whole) }
        return .integer(value)
    }

    private mutating func string(until quote: Unicode.Scalar) throws(TemplateError) -> String {
        let first = line
        var text = String.UnicodeScalarView()
        position += 1
        while let scalar = peek() {
            position += 1
            if scalar == quote { return String(text) }
            if scalar == "\n" { line += 1 }
            if scalar == "\\" { escape(into: &text) } else { text.append(scalar) }
        }
        throw TemplateError(
            line: first, .syntax(expected: "a string with its \(quote)", found: "the end of the template"))
    }

    /// What a backslash and the characters behind it stand for; what is no escape stays as it is.
    private mutating func escape(into text: inout String.UnicodeScalarView) {
        guard let scalar = peek() else { return text.append("\\") }
        position += 1
        switch scalar {
        case "n": text.append("\n")
        case "t": text.append("\t")
        case "r": text.append("\r")
        case "b": text.append("\u{8}")
        case "f": text.append("\u{C}")
        case "v": text.append("\u{B}")
        case "a": text.append("\u{7}")
        case "0": text.append("\u{0}")
        case "\\", "'", "\"": text.append(scalar)
        case "\n": line += 1
        case "x", "u", "U":
            let count = scalar == "x" ? 2 : scalar == "u" ? 4 : 8
            let digits = String(scalars[position..<min(position + count, scalars.count)])
            guard digits.count == count, let value = UInt32(digits, radix: 16), let named = Unicode.Scalar(value) else {
                text.append("\\")
                return text.append(scalar)
            }
            position += count
            text.append(named)
        default:
            text.append("\\")
            text.append(scalar)
        }
    }
}

extension Unicode.Scalar {
    var isDigit: Bool { ("0"..."9").contains(self) }

    /// What `str.isspace` of Python is true of.
    var isPythonSpace: Bool { properties.isWhitespace || ("\u{1C}"..."\u{1F}").contains(self) }
}

extension String {
    init(_ scalars: ArraySlice<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self.init(view)
    }
}
