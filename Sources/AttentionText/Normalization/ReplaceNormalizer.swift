package import AttentionFiles

/// Puts a text in the place of another, or of what a regular expression matches, wherever it stands.
package struct ReplaceNormalizer: Normalizer {
    package static let name = "Replace"

    private let pattern: TextPattern
    private let content: [Unicode.Scalar]

    package init(_ pattern: String, by content: String) {
        self.pattern = .text(Array(pattern.unicodeScalars))
        self.content = Array(content.unicodeScalars)
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        pattern = try fields.pattern("pattern")
        content = Array(try fields.string("content").unicodeScalars)
    }

    package var members: [JSONMember] {
        [JSONMember("pattern", pattern.json), JSONMember("content", .string(content.string))]
    }

    package var isLocal: Bool {
        switch pattern {
        case .text([" "]): true
        case .text(let text): !text.contains(where: \.isWhiteSpace) && content.last.map { !$0.isWhiteSpace } ?? false
        case .expression(let expression): expression.pattern == " {2,}"
        }
    }

    package func normalize(_ text: AlignedText) -> AlignedText {
        let matches = pattern.matches(in: text[...])
        if matches.isEmpty { return text }
        var result: AlignedText = []
        result.reserveCapacity(text.count)
        var next = 0
        for match in matches {
            result += text[next..<match.lowerBound]
            if match.upperBound > 0 {
                result += content.map(text[match.upperBound - 1].replaced)
            } else {
                let origin = text.first?.start ?? 0
                result += content.map { AlignedScalar(scalar: $0, start: origin, end: origin) }
            }
            next = match.upperBound
        }
        return result + text[next...]
    }
}
