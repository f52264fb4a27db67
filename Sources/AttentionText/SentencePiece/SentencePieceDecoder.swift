package import AttentionFiles

/// Pieces of a SentencePiece model back to text: ▁ a space, bytes the characters they spell, control pieces nothing.
package struct SentencePieceDecoder: PieceDecoder {
    package static let name = "SentencePieceDecoder"

    private let control: Set<[UInt8]>
    private let unknown: [UInt8]
    private let unknownSurface: [UInt8]
    private let bytes: ByteFallbackDecoder?
    private let stripsFirstSpace: Bool
    private let stripsLeadingSpaces: Bool

    init(_ file: SentencePieceFile, _ content: SentencePieceVocabulary) {
        control = Set(content.pieces.filter { $0.kind == .control }.map { Array($0.text.utf8) })
        unknown = Array(content.pieces[content.unknownID].text.utf8)
        unknownSurface = Array(file.unknownSurface.utf8)
        bytes = content.pieces.contains { $0.kind == .byte } ? ByteFallbackDecoder() : nil
        stripsLeadingSpaces = file.removesExtraSpaces
        stripsFirstSpace = file.addsDummyPrefix
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        var control: Set<[UInt8]> = []
        for case .string(let text) in try fields.array("control_symbols") { control.insert(Array(text.utf8)) }
        self.control = control
        unknown = Array(try fields.string("unk_piece").utf8)
        unknownSurface = Array(try fields.string("unk_surface").utf8)
        bytes = try fields.bool("byte_fallback") ? ByteFallbackDecoder() : nil
        stripsFirstSpace = try fields.bool("add_dummy_prefix")
        stripsLeadingSpaces = try fields.bool("remove_extra_whitespaces")
    }

    package var members: [JSONMember] {
        [
            JSONMember("control_symbols", .array(control.map(\.string).sorted().map(JSONValue.string))),
            JSONMember("unk_piece", .string(unknown.string)), JSONMember("unk_surface", .string(unknownSurface.string)),
            JSONMember("byte_fallback", .bool(bytes != nil)), JSONMember("add_dummy_prefix", .bool(stripsFirstSpace)),
            JSONMember("remove_extra_whitespaces", .bool(stripsLeadingSpaces)),
        ]
    }

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        let space = Array("▁".utf8)
        var isAtStart = stripsFirstSpace || stripsLeadingSpaces
        var texts: [[UInt8]] = []
        for piece in pieces {
            if let bytes, bytes.isByte(piece) {
                texts.append(piece)
                isAtStart = false
                continue
            }
            if control.contains(piece) { continue }
            if piece == unknown {
                texts.append(unknownSurface)
                isAtStart = false
                continue
            }
            var text = piece
            if isAtStart, piece.starts(with: space) {
                text = Array(piece.dropFirst(space.count))
                isAtStart = stripsLeadingSpaces && text.isEmpty
            } else {
                isAtStart = false
            }
            texts.append(text.replacing(space, with: [UInt8(ascii: " ")]))
        }
        return bytes?.decode(texts) ?? texts
    }
}
