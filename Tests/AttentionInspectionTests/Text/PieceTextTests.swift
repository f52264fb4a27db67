import AttentionInspection
import Testing

/// Bytes of pieces as people read them.
@Suite struct PieceTextTests {
    @Test(
        arguments: [
            (Array(" have".utf8), " have"), ([0xE2, 0x80], "‹E2 80›"), ([0x99], "‹99›"), (Array("é".utf8), "é"),
            ([0x61, 0xC3], "a‹C3›"), ([0xC3, 0x28], "‹C3›("), ([0x0A], "\n"), ([0xF0, 0x9F, 0x98], "‹F0 9F 98›"),
            (Array("😀x".utf8), "😀x"), ([0xFF, 0x20, 0x05], "‹FF› \u{05}"), ([], ""),
        ] as [([UInt8], String)])
    func bytesAreReadable(bytes: [UInt8], shown: String) {
        #expect(String(pieceBytes: bytes) == shown)
    }

    /// Whatever they are, they can be read back: whole characters, and the numbers of all other bytes.
    @Test(arguments: 0..<60 as Range<UInt64>) func nothingIsLost(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let bytes = (0..<12).map { _ in UInt8.random(in: 0...255, using: &generator) }
        var (found, number, isNumber) = ([UInt8](), "", false)
        for scalar in String(pieceBytes: bytes).unicodeScalars {
            if scalar == "‹" {
                isNumber = true
            } else if isNumber, scalar == " " || scalar == "›" {
                found += UInt8(number, radix: 16).map { [$0] } ?? []
                (number, isNumber) = ("", scalar == " ")
            } else if isNumber {
                number.unicodeScalars.append(scalar)
            } else {
                found += Array(String(scalar).utf8)
            }
        }
        #expect(found == bytes)
    }
}
