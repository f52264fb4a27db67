extension InvariantScanner {
    /// Longer ones are not looked for, so that scanning stays linear.
    private static let longest = 500

    /// The end of code in backquotes: as many close it as open it.
    func endOfCode(at start: Int) -> Int? {
        func run(from index: Int) -> Int {
            var end = index
            while end < text.count, text[end] == "`" { end += 1 }
            return end
        }
        let open = run(from: start)
        var index = open
        while index < text.count, index - start < Self.longest {
            guard text[index] == "`" else {
                index += 1
                continue
            }
            let close = run(from: index)
            if close - index == open - start { return close }
            index = close
        }
        return nil
    }

    /// The end of `<name>`, `</name>`, `<name attribute="value">`, `<name/>` or `<!-- … -->`.
    func endOfTag(at start: Int) -> Int? {
        if text[start...].starts(with: ["<", "!", "-", "-"]) {
            var index = start + 4
            while index + 2 < text.count, index - start < Self.longest {
                if text[index...].starts(with: ["-", "-", ">"]) { return index + 3 }
                index += 1
            }
            return nil
        }
        var index = start + 1
        if index < text.count, text[index] == "/" { index += 1 }
        guard index < text.count, text[index].isASCIILetter else { return nil }
        while index < text.count, text[index].isASCIIWordPart || text[index] == "-" || text[index] == ":" { index += 1 }
        let nameEnd = index
        var hasValue = false
        while index < text.count, index - start < Self.longest, text[index] != "<" {
            if text[index] == "=" { hasValue = true }
            if text[index] == ">" {
                let isBare = text[nameEnd..<index].allSatisfy { $0 == "/" || $0.isWhiteSpace }
                return isBare || hasValue && text[nameEnd].isWhiteSpace ? index + 1 : nil
            }
            index += 1
        }
        return nil
    }

    /// The end of `{name}`, `{{ name }}`, `{% … %}`, `{0:.2f}`, `{}`, or `[NAME]`.
    func endOfBraces(at start: Int) -> Int? {
        if text[start] == "[" {
            var index = start + 1
            while index < text.count, text[index].isASCIICapital || text[index] == "_" || text[index].isASCIIDigit {
                index += 1
            }
            let isName = index > start + 2 && text[start + 1].isASCIICapital
            return isName && index < text.count && text[index] == "]" ? index + 1 : nil
        }
        let isDouble = start + 1 < text.count && ["{", "%", "#"].contains(text[start + 1])
        var depth = 0
        var index = start
        while index < text.count, index - start < Self.longest {
            switch text[index] {
            case "{": depth += 1
            case "}":
                depth -= 1
                if depth == 0 { return index + 1 }
            case _ where text[index].isWhiteSpace && !isDouble: return nil
            default: break
            }
            index += 1
        }
        return nil
    }

    /// The end of `$NAME`, `${…}` or `$(…)`; a price is none.
    func endOfVariable(at start: Int) -> Int? {
        guard start + 1 < text.count else { return nil }
        let next = text[start + 1]
        if next == "{" { return endOfBraces(at: start + 1) }
        var index = start + 1
        if next == "(" {
            while index < text.count, index - start < Self.longest, text[index] != ")" {
                if text[index].isWhiteSpace { return nil }
                index += 1
            }
            return index < text.count && text[index] == ")" && index > start + 2 ? index + 1 : nil
        }
        guard next.isASCIILetter || next == "_" else { return nil }
        while index < text.count, text[index].isASCIIWordPart { index += 1 }
        return index
    }

    /// The end of `%s`, `%1$d`, `%.2f`, `%(name)s`, `%{name}`, `%NAME%`, `%@`.
    func endOfFormat(at start: Int) -> Int? {
        var index = start + 1
        guard index < text.count else { return nil }
        if text[index] == "{" { return endOfBraces(at: index) }
        if text[index] == "(" {
            while index < text.count, index - start < 60, text[index] != ")", !text[index].isWhiteSpace { index += 1 }
            guard index + 1 < text.count, text[index] == ")", text[index + 1].isASCIILetter else { return nil }
            return index + 2
        }
        while index < text.count, index - start < 12,
            text[index].isASCIIDigit || "-+#.$".unicodeScalars.contains(text[index])
        {
            index += 1
        }
        let isPlain = index == start + 1
        while index < text.count, ["l", "h", "z"].contains(text[index]), index - start < 14 { index += 1 }
        if index < text.count, "sdifuxXcgeEp@".unicodeScalars.contains(text[index]) {
            if index + 1 == text.count || !text[index + 1].isWordPart { return index + 1 }
        }
        guard isPlain else { return nil }
        index = start + 1
        while index < text.count, text[index].isASCIICapital || text[index] == "_" { index += 1 }
        return index > start + 2 && index < text.count && text[index] == "%" ? index + 1 : nil
    }
}
