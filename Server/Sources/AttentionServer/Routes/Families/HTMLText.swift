/// A piece of HTML whose words are to be translated and whose markup is to stay: tags, comments, scripts and styles are kept as they are, and each
/// stretch of text between them is a text of its own.
package struct HTMLText: Sendable {
    private enum Piece {
        case markup(Substring)
        /// White space, words, white space.
        case words(before: Substring, String, after: Substring)
    }

    private var pieces: [Piece] = []

    /// The pieces of a text. What looks like a tag and has no end is text.
    package init(_ html: String) {
        var (rest, ends) = (html[...], MarkupEnds())
        while !rest.isEmpty {
            if let end = ends.end(of: rest) {
                pieces.append(.markup(rest[..<end]))
                rest = rest[end...]
            } else {
                // The first character is text, even where it is a bracket.
                let end = rest.dropFirst().firstIndex(of: "<") ?? rest.endIndex
                append(text: rest[..<end])
                rest = rest[end...]
            }
        }
    }

    /// The texts between the markup, in their order.
    package var words: [String] {
        pieces.compactMap { if case .words(_, let text, _) = $0 { text } else { nil } }
    }

    /// The same with other words in their place.
    /// - Precondition: as many as there are.
    package func with(_ words: [String]) -> String {
        var rest = words[...]
        return pieces.map { piece in
            switch piece {
            case .markup(let text): String(text)
            case .words(let before, _, let after): before + Self.escaped(rest.popFirst() ?? "") + after
            }
        }.joined()
    }

    private mutating func append(text: Substring) {
        guard let first = text.firstIndex(where: { !$0.isWhitespace }),
            let last = text.lastIndex(where: { !$0.isWhitespace })
        else { return pieces.append(.markup(text)) }
        pieces.append(
            .words(
                before: text[..<first], Self.unescaped(text[first...last]), after: text[text.index(after: last)...]))
    }

    private static let names: [Substring: Character] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}",
    ]

    private static func unescaped(_ text: Substring) -> String {
        var (result, rest) = ("", text)
        while let start = rest.firstIndex(of: "&") {
            result += rest[..<start]
            rest = rest[start...]
            let name = rest.dropFirst().prefix { $0.isLetter || $0.isNumber || $0 == "#" }
            if name.count <= 8, rest[name.endIndex...].first == ";", let character = character(name) {
                result.append(character)
                rest = rest[rest.index(after: name.endIndex)...]
            } else {
                result.append(rest.removeFirst())
            }
        }
        return result + rest
    }

    private static func character(_ name: Substring) -> Character? {
        guard name.hasPrefix("#") else { return names[name] }
        let digits = name.dropFirst()
        let isHexadecimal = digits.first == "x" || digits.first == "X"
        return UInt32(isHexadecimal ? digits.dropFirst() : digits, radix: isHexadecimal ? 16 : 10)
            .flatMap(Unicode.Scalar.init).map(Character.init)
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            default: result.append(character)
            }
        }
    }
}

/// Where markup ends. What was looked for in vain once is not looked for again, so that all of a text takes no longer than a few readings of it.
private struct MarkupEnds {
    private var (mayHaveTags, mayHaveComments) = (true, true)

    /// Behind the tag, comment, script or style that a text begins with; nil if it begins with none, or it has no end.
    mutating func end(of text: Substring) -> Substring.Index? {
        guard text.first == "<", let second = text.dropFirst().first, second.isLetter || "/!?".contains(second) else {
            return nil
        }
        if text.hasPrefix("<!--") {
            guard mayHaveComments else { return nil }
            let end = text.end(of: "-->", from: text.startIndex)
            mayHaveComments = end != nil
            return end
        }
        guard mayHaveTags, let end = Self.tagEnd(in: text) else {
            mayHaveTags = false
            return nil
        }
        for name in ["script", "style"] where text.dropFirst().prefix(name.count).lowercased() == name {
            return text.end(of: "</\(name)", from: end).flatMap { Self.tagEnd(in: text[$0...]) } ?? text.endIndex
        }
        return end
    }

    /// Behind the first `>` that stands in no quotes, or behind the first of all where a quote has no end.
    private static func tagEnd(in text: Substring) -> Substring.Index? {
        var (quote, first): (Character?, Substring.Index?)
        for index in text.indices {
            let character = text[index]
            if character == ">" {
                if quote == nil { return text.index(after: index) }
                first = first ?? text.index(after: index)
            }
            if character == quote {
                quote = nil
            } else if quote == nil, character == "\"" || character == "'" {
                quote = character
            }
        }
        return first
    }
}

extension Substring {
    /// Behind a word where it comes first, whatever its case; nil if it does not.
    fileprivate func end(of word: String, from start: Index) -> Index? {
        var rest = self[start...]
        while rest.utf8.count >= word.utf8.count {
            if rest.prefix(word.count).lowercased() == word { return rest.index(rest.startIndex, offsetBy: word.count) }
            rest.removeFirst()
        }
        return nil
    }
}
