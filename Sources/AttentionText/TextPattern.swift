import AttentionFiles

/// What a stage looks for: a text, or a regular expression.
enum TextPattern: Sendable {
    case text([Unicode.Scalar])
    case expression(RegularExpression)

    /// Where it stands in `text`, leftmost first, none overlapping.
    func matches(in text: ArraySlice<AlignedScalar>) -> [Range<Int>] {
        switch self {
        case .expression(let expression): return expression.matches(in: text)
        case .text(let pattern):
            var matches: [Range<Int>] = []
            var index = text.startIndex
            while index < text.endIndex {
                if text[index].scalar == pattern[0], text[index...].starts(with: pattern) {
                    matches.append(index..<index + pattern.count)
                    index += pattern.count
                } else {
                    index += 1
                }
            }
            return matches
        }
    }

    var json: JSONValue {
        switch self {
        case .text(let text): .object([JSONMember("String", .string(text.string))])
        case .expression(let expression): .object([JSONMember("Regex", .string(expression.pattern))])
        }
    }
}
