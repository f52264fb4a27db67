/// The 256 visible characters that stand for the bytes of UTF-8 in byte-level vocabularies.
///
/// A byte that is a printable character of Latin-1 stands for itself; the others take U+0100, U+0101, … in order, so a
/// space is `Ġ`. Source: the published encoder of GPT-2.
enum ByteAlphabet {
    /// The character for each byte.
    static let scalars: [Unicode.Scalar] = {
        var next: UInt8 = 0
        return (0...255).map { (byte: UInt8) in
            if isPrintable(byte) { return Unicode.Scalar(byte) }
            defer { next += 1 }
            return Unicode.Scalar(0x100 + UInt32(next)) ?? "\u{FFFD}"
        }
    }()

    /// The byte for each character.
    static let bytes: [Unicode.Scalar: UInt8] = Dictionary(
        uniqueKeysWithValues: zip(scalars, 0...255))

    private static func isPrintable(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF: true
        default: false
        }
    }
}
