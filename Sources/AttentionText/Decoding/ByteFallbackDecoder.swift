/// Joins runs of `<0xNN>` pieces to the characters they spell; bytes that spell none become U+FFFD, one each.
package struct ByteFallbackDecoder: PieceDecoder {
    package static let name = "ByteFallback"

    init() {}

    package init(_ fields: StageFields) {}

    package func decode(_ pieces: [[UInt8]]) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var run: [UInt8] = []
        for piece in pieces {
            if let byte = Self.byte(piece) {
                run.append(byte)
            } else {
                result += Self.text(run)
                run = []
                result.append(piece)
            }
        }
        return result + Self.text(run)
    }

    package func bytes(of piece: [UInt8]) -> [UInt8]? { Self.byte(piece).map { [$0] } }

    /// Whether `piece` stands for a byte.
    func isByte(_ piece: [UInt8]) -> Bool { Self.byte(piece) != nil }

    /// The byte that `<0xNN>` stands for.
    private static func byte(_ piece: [UInt8]) -> UInt8? {
        guard piece.count == 6, piece.starts(with: "<0x".utf8), piece.last == UInt8(ascii: ">") else { return nil }
        return UInt8(String(decoding: piece[3..<5], as: UTF8.self), radix: 16)
    }

    private static func text(_ run: [UInt8]) -> [[UInt8]] {
        if run.isEmpty { return [] }
        if String(validating: run, as: UTF8.self) != nil { return [run] }
        return run.map { _ in Array("\u{FFFD}".utf8) }
    }
}
