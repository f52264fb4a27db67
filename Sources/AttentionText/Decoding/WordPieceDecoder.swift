package import AttentionFiles

/// Puts spaces between the pieces that begin a word, and takes off the prefix of the others.
package struct WordPieceDecoder: PieceDecoder {
    package static let name = "WordPiece"

    private let prefix: [UInt8]
    private let cleansUp: Bool

    init(prefix: String, cleansUp: Bool) {
        self.prefix = Array(prefix.utf8)
        self.cleansUp = cleansUp
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        prefix = Array(try fields.string("prefix").utf8)
        cleansUp = try fields.bool("cleanup")
    }

    package var members: [JSONMember] {
        [JSONMember("prefix", .string(prefix.string)), JSONMember("cleanup", .bool(cleansUp))]
    }

    /// Spaces that the cut put before punctuation and clitics, in the order in which the reference takes them out.
    private static let cleanups: [(pattern: [UInt8], content: [UInt8])] = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].map { (Array($0.utf8), Array($1.utf8)) }

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        pieces.enumerated().map { index, piece in
            var text = piece
            if index > 0 {
                text = piece.starts(with: prefix) ? Array(piece.dropFirst(prefix.count)) : [UInt8(ascii: " ")] + piece
            }
            guard cleansUp else { return text }
            return Self.cleanedUp(text)
        }
    }

    /// `text` without the spaces that stand before punctuation and clitics.
    static func cleanedUp(_ text: [UInt8]) -> [UInt8] {
        cleanups.reduce(text) { $0.replacing($1.pattern, with: $1.content) }
    }
}
