package import AttentionFiles

/// Turns ▁ back into spaces, but for those of the first piece, which stand for no space of the text.
package struct MetaspaceDecoder: PieceDecoder {
    package static let name = "Metaspace"

    private let metaspace: Metaspace

    init(_ metaspace: Metaspace) {
        self.metaspace = metaspace
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        metaspace = try Metaspace(fields)
    }

    package var members: [JSONMember] { metaspace.members }

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        let replacement = Array(metaspace.replacement.utf8)
        return pieces.enumerated().map { index, piece in
            let isLeading = index == 0 && metaspace.prependScheme != .never
            return piece.replacing(replacement, with: isLeading ? [] : [UInt8(ascii: " ")])
        }
    }
}
