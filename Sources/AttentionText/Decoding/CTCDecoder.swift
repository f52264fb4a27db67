package import AttentionFiles

/// Joins repeated pieces and leaves out the blank, as recognisers of speech need it.
///
/// Source: Graves et al., Connectionist Temporal Classification (2006), the map B of section 3.1.
package struct CTCDecoder: PieceDecoder {
    package static let name = "CTC"

    private let blank: [UInt8]
    private let delimiter: [UInt8]
    private let cleansUp: Bool

    package init(_ fields: StageFields) throws(TokenizerError) {
        blank = Array(try fields.string("pad_token", default: "<pad>").utf8)
        delimiter = Array(try fields.string("word_delimiter_token", default: "|").utf8)
        cleansUp = try fields.bool("cleanup", default: true)
        if blank.isEmpty { throw fields.error("pad_token", expected: "a text that is not empty") }
        if delimiter.isEmpty { throw fields.error("word_delimiter_token", expected: "a text that is not empty") }
    }

    package var members: [JSONMember] {
        [
            JSONMember("pad_token", .string(blank.string)),
            JSONMember("word_delimiter_token", .string(delimiter.string)), JSONMember("cleanup", .bool(cleansUp)),
        ]
    }

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        pieces.indices.filter { $0 == 0 || pieces[$0] != pieces[$0 - 1] }.compactMap { index in
            var text = pieces[index].replacing(blank, with: [])
            if cleansUp {
                text = WordPieceDecoder.cleanedUp(text).replacing(delimiter, with: [UInt8(ascii: " ")])
            }
            return text.isEmpty ? nil : text
        }
    }
}
