package import AttentionFiles

/// Puts one text in the place of another in every piece.
package struct ReplaceDecoder: PieceDecoder {
    package static let name = "Replace"

    private let pattern: [UInt8]
    private let content: [UInt8]

    package init(_ fields: StageFields) throws(TokenizerError) {
        pattern = Array(try fields.pattern("pattern").utf8)
        content = Array(try fields.string("content").utf8)
    }

    package var members: [JSONMember] {
        [
            JSONMember("pattern", .object([JSONMember("String", .string(pattern.string))])),
            JSONMember("content", .string(content.string)),
        ]
    }

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        pieces.map { $0.replacing(pattern, with: content) }
    }
}
