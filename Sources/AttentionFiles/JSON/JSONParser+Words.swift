/// What is looked through eight bytes at a time.
extension JSONParser {
    /// Passes over white space, of which documents for people are full.
    @inline(__always) mutating func skipSpace() {
        if current <= UInt8(ascii: " ") { position = spaceEnd(from: position) }
    }

    private func spaceEnd(from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): index += 1
            default: return index
            }
            // What follows is mostly a row of spaces.
            while let word = word(at: index) {
                let others = word ^ Self.eight(" ")
                index += others.trailingZeroBitCount / 8
                if others != 0 { break }
            }
        }
        return index
    }

    /// Where a stretch of plain characters ends: at a quote, a backslash or a control character, or where the document does.
    @inline(__always) func plainEnd(from start: Int) -> Int {
        var index = start
        while let word = word(at: index) {
            let marks =
                Self.zeros(in: word ^ Self.eight("\"")) | Self.zeros(in: word ^ Self.eight("\\"))
                | (word &- Self.eight(" ")) & ~word & Self.highBits
            index += marks.trailingZeroBitCount / 8
            if marks != 0 { return index }
        }
        while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\"),
            bytes[index] >= 0x20
        {
            index += 1
        }
        return index
    }

    /// The eight bytes from `index` on, the first lowest; nil if there are fewer.
    @inline(__always) func word(at index: Int) -> UInt64? {
        guard index + 8 <= bytes.count else { return nil }
        return UInt64(littleEndian: UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self))
    }

    private static let highBits: UInt64 = 0x8080_8080_8080_8080

    @inline(__always) private static func eight(_ character: Unicode.Scalar) -> UInt64 {
        UInt64(UInt8(ascii: character)) &* 0x0101_0101_0101_0101
    }

    /// The high bit of each byte that is 0. Above the lowest of them others may be set: a borrow goes upwards.
    @inline(__always) private static func zeros(in word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & highBits
    }
}
