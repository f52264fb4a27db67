/// Joins all pieces to one, so that what follows sees the whole text.
package struct FuseDecoder: PieceDecoder {
    package static let name = "Fuse"

    package init(_ fields: StageFields) {}

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        [Array(pieces.joined())]
    }
}
