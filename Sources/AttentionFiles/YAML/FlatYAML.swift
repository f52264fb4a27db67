/// The members of a flat YAML document: names with one value, or with a list of values. The files that stand beside models are no more than
/// that, and what is more is refused.
///
/// ```yaml
/// dec-cell: ssru
/// transformer-postprocess-top: ""     # nothing
/// dim-vocabs:
///   - 32000
///   - 32000
/// transformer-tied-layers: []
/// ```
package struct FlatYAML: Sendable, Hashable {
    /// A value, as it is written, without its quotes.
    package enum Value: Sendable, Hashable {
        case scalar(String)
        case list([String])
    }

    /// By name.
    package private(set) var members: [String: Value] = [:]

    /// The members of a document.
    /// - Throws: `YAMLError` with the line that is of another form.
    package init(_ text: String) throws(YAMLError) {
        var open: String?  // the member whose list may follow
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
        for (index, line) in lines.enumerated() {
            let line = Line(number: index + 1, text: line)
            let content = line.content
            if content.isEmpty || content == "---" { continue }
            if content == "-" || content.hasPrefix("- ") {
                guard let name = open, case .list(let items)? = members[name] else {
                    throw line.error("a name with a colon", found: content)
                }
                members[name] = .list(items + [try line.scalar(content.dropFirst())])
                continue
            }
            guard !line.isIndented, let (written, rest) = line.member else {
                throw line.error("a name with a colon, not indented", found: content)
            }
            let name = try line.scalar(written)
            guard members[name] == nil else { throw line.error("each name once", found: "\(name) again") }
            open = nil
            if rest.isEmpty {
                members[name] = .list([])
                open = name
            } else if rest.hasPrefix("[") {
                members[name] = .list(try line.list(rest))
            } else {
                members[name] = .scalar(try line.scalar(rest))
            }
        }
    }
}

/// One line of a document.
private struct Line {
    let number: Int
    let text: Substring

    var isIndented: Bool { text.first?.isWhitespace ?? false }

    /// Without what stands around it, and without a remark.
    var content: Substring {
        var quote: Character?
        var previous: Character = " "
        var end = text.endIndex
        for index in text.indices {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'" {
                quote = character
            } else if character == "#", previous.isWhitespace {
                end = index
                break
            }
            previous = character
        }
        return text[..<end].trimmed
    }

    /// A name, and what stands behind its colon.
    var member: (name: Substring, rest: Substring)? {
        let content = content
        guard let colon = content.firstIndex(of: ":") else { return nil }
        let rest = content[content.index(after: colon)...]
        guard rest.isEmpty || rest.first == " " else { return nil }
        let name = content[..<colon].trimmed
        return name.isEmpty ? nil : (name, rest.trimmed)
    }

    /// A value without its quotes.
    func scalar(_ written: Substring) throws(YAMLError) -> String {
        let written = written.trimmed
        guard let first = written.first else { return "" }
        if first == "\"" || first == "'" {
            let inner = written.dropFirst().dropLast()
            guard written.count >= 2, written.last == first, !inner.contains(first), !inner.contains("\\") else {
                throw error("a quoted value without escapes", found: written)
            }
            return String(inner)
        }
        guard !"&*|>{}[]!%@`".contains(first) else { throw error("a plain value", found: written) }
        return String(written)
    }

    /// The values between brackets.
    func list(_ written: Substring) throws(YAMLError) -> [String] {
        guard written.last == "]", written.count >= 2 else { throw error("a list in brackets", found: written) }
        let inner = written.dropFirst().dropLast().trimmed
        guard !inner.isEmpty else { return [] }
        var values: [String] = []
        for part in inner.split(separator: ",", omittingEmptySubsequences: false) { values.append(try scalar(part)) }
        return values
    }

    func error(_ expected: String, found: some StringProtocol) -> YAMLError {
        YAMLError(line: number, expected: expected, found: String(found.prefix(60)))
    }
}

/// A document that is no flat YAML.
package struct YAMLError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The line, from 1.
    package let line: Int
    let expected: String
    let found: String

    /// The whole sentence.
    package var description: String { "YAML: expected \(expected) in line \(line), found \(found)" }
}

extension Substring {
    fileprivate var trimmed: Substring {
        guard let first = firstIndex(where: { !$0.isWhitespace }), let last = lastIndex(where: { !$0.isWhitespace })
        else { return self[endIndex...] }
        return self[first...last]
    }
}
