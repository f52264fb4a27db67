package import AttentionFiles

/// Turns the characters of a byte-level vocabulary back into bytes; a piece with any other character stays as it is.
package struct ByteLevelDecoder: PieceDecoder {
    package static let name = "ByteLevel"

    package let members: [JSONMember]

    package init(_ fields: StageFields) {
        members = fields.members.filter { $0.key != "type" }
    }

    package func bytes(of piece: [UInt8]) -> [UInt8]? {
        let scalars = piece.string.unicodeScalars
        let bytes = scalars.compactMap { ByteAlphabet.bytes[$0] }
        return bytes.count == scalars.count ? bytes : piece
    }

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        [Array(pieces.flatMap { bytes(of: $0) ?? $0 }.string.utf8)]
    }
}
