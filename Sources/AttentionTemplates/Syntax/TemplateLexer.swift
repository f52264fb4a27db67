/// Cuts a template into words. White space around tags is decided here: `trim_blocks` takes the line's end behind a block away,
/// `lstrip_blocks` the spaces before one that begins its line, and `-` on either side all white space there.
struct TemplateLexer {
    var scalars: [Unicode.Scalar]
    var position = 0
    var line = 1
    var result: [TemplateToken] = []
    /// Whether the text that follows stands at the beginning of a line.
    private var isAtLineStart = true

    init(_ source: String) {
        var scalars: [Unicode.Scalar] = []
        var isAfterReturn = false
        for scalar in source.unicodeScalars {
            if scalar != "\n" || !isAfterReturn { scalars.append(scalar == "\r" ? "\n" : scalar) }
            isAfterReturn = scalar == "\r"
        }
        if scalars.last == "\n" { scalars.removeLast() }
        self.scalars = scalars
    }

    func error(expected: String, found: String) -> TemplateError {
        TemplateError(line: line, .syntax(expected: expected, found: found))
    }

    /// All words, the end among them.
    mutating func tokens() throws(TemplateError) -> [TemplateToken] {
        while position < scalars.count {
            let start = position
            while position < scalars.count, !isTag(at: position) { position += 1 }
            guard position < scalars.count else {
                append(text: scalars[start...])
                break
            }
            let tag = scalars[position + 1]
            let sign: Unicode.Scalar? = peek(2).flatMap { $0 == "-" || $0 == "+" ? $0 : nil }
            append(text: stripped(scalars[start..<position], sign: sign, isBlock: tag != "{"))
            position += sign == nil ? 2 : 3
            switch tag {
            case "#": try skipComment()
            case "{": try readTag(.printBegin, .printEnd)
            default: if skipRaw() { try readRaw() } else { try readTag(.blockBegin, .blockEnd) }
            }
        }
        result.append(TemplateToken(kind: .end, line: line))
        return result
    }

    func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        position + offset < scalars.count ? scalars[position + offset] : nil
    }

    func stands(_ word: String, at place: Int) -> Bool {
        scalars[min(place, scalars.count)...].starts(with: word.unicodeScalars)
    }

    private func isTag(at place: Int) -> Bool {
        guard scalars[place] == "{", place + 1 < scalars.count else { return false }
        return scalars[place + 1] == "%" || scalars[place + 1] == "{" || scalars[place + 1] == "#"
    }

    private func stripped(
        _ text: ArraySlice<Unicode.Scalar>, sign: Unicode.Scalar?, isBlock: Bool
    ) -> ArraySlice<Unicode.Scalar> {
        if sign == "-" {
            // What was taken away still counts for the numbers of lines, which `append` sees to.
            return text.prefix((text.lastIndex { !$0.isPythonSpace } ?? text.startIndex - 1) + 1 - text.startIndex)
        }
        guard sign != "+", isBlock else { return text }
        let lineStart = text.lastIndex(of: "\n").map { $0 + 1 } ?? text.startIndex
        guard lineStart > text.startIndex || isAtLineStart, text[lineStart...].allSatisfy(\.isPythonSpace) else {
            return text
        }
        return text[..<lineStart]
    }

    private mutating func append(text: ArraySlice<Unicode.Scalar>) {
        if !text.isEmpty { result.append(TemplateToken(kind: .text(String(text)), line: line)) }
        // All up to the present position, what was stripped included.
        line += scalars[text.startIndex..<min(position, scalars.count)].count { $0 == "\n" }
    }

    /// Goes past white space.
    mutating func skipSpace() {
        while let scalar = peek(), scalar.isPythonSpace {
            if scalar == "\n" { line += 1 }
            position += 1
        }
    }

    /// Goes past the end of a block, comment or raw text, and what it takes along; false if there is none.
    mutating func skipEnd(_ end: String) -> Bool {
        let start = position
        if stands("-" + end, at: position) {
            position += 3
            skipSpace()
        } else if stands("+" + end, at: position) {
            position += 3
        } else if stands(end, at: position) {
            position += 2
            if end != "}}", peek() == "\n" {
                position += 1
                line += 1
            }
        } else {
            return false
        }
        isAtLineStart = position > start && scalars[position - 1] == "\n"
        return true
    }

    private mutating func skipComment() throws(TemplateError) {
        let first = line
        while position < scalars.count {
            if skipEnd("#}") { return }
            if peek() == "\n" { line += 1 }
            position += 1
        }
        throw TemplateError(line: first, .syntax(expected: "a comment with its #}", found: "the end of the template"))
    }

    /// Goes past `raw %}`.
    private mutating func skipRaw() -> Bool {
        var place = position
        func skipSpace() { while place < scalars.count, scalars[place].isPythonSpace { place += 1 } }
        skipSpace()
        guard stands("raw", at: place) else { return false }
        place += 3
        skipSpace()
        let isStripping = stands("-%}", at: place)
        guard isStripping || stands("%}", at: place) else { return false }
        line += scalars[position..<place].count { $0 == "\n" }
        position = place + (isStripping ? 3 : 2)
        if isStripping { self.skipSpace() }
        isAtLineStart = scalars[position - 1] == "\n"
        return true
    }

    /// Takes all up to `{% endraw %}` as text.
    private mutating func readRaw() throws(TemplateError) {
        let (start, first) = (position, line)
        while position < scalars.count {
            guard stands("{%", at: position) else {
                position += 1
                continue
            }
            let begin = position
            let sign: Unicode.Scalar? = peek(2).flatMap { $0 == "-" || $0 == "+" ? $0 : nil }
            position += sign == nil ? 2 : 3
            while peek()?.isPythonSpace == true { position += 1 }
            if stands("endraw", at: position) {
                position += 6
                while peek()?.isPythonSpace == true { position += 1 }
                let end = position
                if stands("%}", at: end) || stands("-%}", at: end) || stands("+%}", at: end) {
                    position = begin
                    append(text: stripped(scalars[start..<begin], sign: sign, isBlock: true))
                    line += scalars[begin..<end].count { $0 == "\n" }
                    position = end
                    _ = skipEnd("%}")
                    return
                }
            }
            position = begin + 2
        }
        throw TemplateError(
            line: first, .syntax(expected: "{% endraw %} behind {% raw %}", found: "the end of the template"))
    }
}
