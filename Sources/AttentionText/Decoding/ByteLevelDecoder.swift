package import AttentionFiles

/// Turns the characters of a byte-level vocabulary back into bytes; a piece with any other character stays as it is.
package struct ByteLevelDecoder: PieceDecoder {
    package static let name = "ByteLevel"

    package let members: [JSONMember]

    package init(_ fields: StageFields) {
        members = fields.members.filter { $0.key != "type" }
    }

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        let bytes = pieces.flatMap { piece in
            let scalars = piece.string.unicodeScalars
            let bytes = scalars.compactMap { ByteAlphabet.bytes[$0] }
            return bytes.count == scalars.count ? bytes : piece
        }
        return [Array(bytes.string.utf8)]
    }
}
