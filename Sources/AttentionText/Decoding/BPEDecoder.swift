package import AttentionFiles

/// Turns the suffix that marks the end of a word into a space, and at the end of the text into nothing.
package struct BPEDecoder: PieceDecoder {
    package static let name = "BPEDecoder"

    private let suffix: [UInt8]

    package init(_ fields: StageFields) throws(TokenizerError) {
        suffix = Array(try fields.string("suffix").utf8)
        if suffix.isEmpty { throw fields.error("suffix", expected: "a text that is not empty") }
    }

    package var members: [JSONMember] {
        [JSONMember("suffix", .string(suffix.string))]
    }

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        pieces.enumerated().map { index, piece in
            piece.replacing(suffix, with: index == pieces.count - 1 ? [] : [UInt8(ascii: " ")])
        }
    }
}
