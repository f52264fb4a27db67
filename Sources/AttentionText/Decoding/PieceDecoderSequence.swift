package import AttentionFiles

/// Decoders one after the other.
package struct PieceDecoderSequence: PieceDecoder {
    package static let name = "Sequence"

    private let decoders: [any PieceDecoder]

    init(_ decoders: [any PieceDecoder]) {
        self.decoders = decoders
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        var decoders: [any PieceDecoder] = []
        for value in try fields.array("decoders") { decoders.append(try PieceDecoders.read(value)) }
        self.decoders = decoders
    }

    package var members: [JSONMember] {
        [JSONMember("decoders", .array(decoders.map(\.json)))]
    }

    package func bytes(of piece: [UInt8]) -> [UInt8]? { decoders.lazy.compactMap { $0.bytes(of: piece) }.first }

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        decoders.reduce(pieces) { $1.decode($0) }
    }
}
