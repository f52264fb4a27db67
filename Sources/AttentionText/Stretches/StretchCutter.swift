/// Cuts text into stretches that are known beforehand to be encoded each for itself: before every space that follows a
/// character which is solid, that is, no white space, control or mark, and never turned into one.
///
/// Most stretches are words with the space before them, and come again and again.
enum StretchCutter {
    /// The end of the stretch that begins at `start`.
    ///
    /// Complexity: linear in the stretch.
    @inline(__always)
    static func end(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var index = start + 1
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: " "), isSolid(before: index, in: bytes) { return index }
            index += 1
        }
        return bytes.count
    }

    /// Whether text begins with a space or a solid character, if it is not empty.
    static func canBegin(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let first = bytes.first else { return true }
        if first < 0x80 { return first >= 0x20 && first < 0x7F }
        return bytes.count > 1 && first & 0xE0 == 0xC0 && isSolid(before: 2, in: bytes)
    }

    /// Whether the character that ends before `index` is solid, which is known of ASCII and of the letters in two bytes.
    @inline(__always)
    private static func isSolid(before index: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        let last = bytes[index - 1]
        if last < 0x80 { return last > 0x20 && last < 0x7F }
        guard index > 1, bytes[index - 2] & 0xE0 == 0xC0 else { return false }
        return isSolid(UInt32(bytes[index - 2] & 0x1F) << 6 | UInt32(last & 0x3F))
    }

    /// Letters from Latin to Cyrillic without what is, or begins with, a mark or a space when it is taken apart.
    private static func isSolid(_ value: UInt32) -> Bool {
        switch value {
        case 0xC0...0x2AF, 0x388...0x482, 0x48A...0x52F: true
        default: false
        }
    }

    /// All solid characters.
    static var solidScalars: [Unicode.Scalar] {
        (0x21...0x52F).filter { $0 < 0x7F || isSolid($0) }.compactMap { Unicode.Scalar($0) }
    }
}
