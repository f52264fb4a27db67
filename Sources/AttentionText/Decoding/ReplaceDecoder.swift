package import AttentionFiles

/// Puts a text in the place of another, or of what a regular expression matches, in every piece.
package struct ReplaceDecoder: PieceDecoder {
    package static let name = "Replace"

    private let pattern: TextPattern
    private let content: [UInt8]

    package init(_ fields: StageFields) throws(TokenizerError) {
        pattern = try fields.pattern("pattern")
        content = Array(try fields.string("content").utf8)
    }

    package var members: [JSONMember] {
        [
            JSONMember("pattern", pattern.json),
            JSONMember("content", .string(content.string)),
        ]
    }

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        switch pattern {
        case .text(let text):
            let pattern = Array(text.string.utf8)
            return pieces.map { $0.replacing(pattern, with: content) }
        case .expression(let expression):
            return pieces.map { piece in
                let text = AlignedText(piece.string)
                var (result, next): ([UInt8], Int) = ([], 0)
                for match in expression.matches(in: text[...]) {
                    result += text[next..<match.lowerBound].utf8 + content
                    next = match.upperBound
                }
                return result + text[next...].utf8
            }
        }
    }
}
