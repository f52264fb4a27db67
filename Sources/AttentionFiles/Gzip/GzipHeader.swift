/// The header of a gzip member, of which only the length matters.
///
/// Source: RFC 1952, section 2.3.
enum GzipHeader {
    private struct Flags: OptionSet {
        let rawValue: UInt8
        static let checksum = Flags(rawValue: 1 << 1)
        static let extra = Flags(rawValue: 1 << 2)
        static let name = Flags(rawValue: 1 << 3)
        static let comment = Flags(rawValue: 1 << 4)
        static let reserved = Flags(rawValue: 0b1110_0000)
    }

    /// The offset of the compressed data of the member whose header starts at `start`.
    static func end(in bytes: [UInt8], from start: Int) throws(GzipError) -> Int {
        guard isPrefix([0x1F, 0x8B], of: bytes[start...]) else { throw .notGzip(offset: start) }
        var end = start + 10  // two bytes of mark, method, flags, four of time, compression level, system
        guard end <= bytes.count else { throw .truncated(byteCount: bytes.count) }
        guard bytes[start + 2] == 8 else { throw .unsupportedMethod(bytes[start + 2]) }
        let flags = Flags(rawValue: bytes[start + 3])
        guard flags.isDisjoint(with: .reserved) else { throw .reservedFlags(flags.rawValue) }

        if flags.contains(.extra) { end += try 2 + short(bytes, at: end) }
        if flags.contains(.name) { end = try endOfString(bytes, from: end) }
        if flags.contains(.comment) { end = try endOfString(bytes, from: end) }
        if flags.contains(.checksum) {
            let expected = UInt16(try short(bytes, at: end))
            let found = UInt16(truncatingIfNeeded: CRC32.checksum(of: bytes.span.extracting(start..<end)))
            guard found == expected else { throw .headerChecksum(expected: expected, found: found) }
            end += 2
        }
        guard end <= bytes.count else { throw .truncated(byteCount: bytes.count) }
        return end
    }

    /// Whether `bytes` start with `mark`, as far as they go: an input cut within the mark is cut, not another format.
    private static func isPrefix(_ mark: [UInt8], of bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty && zip(mark, bytes).allSatisfy { $0 == $1 }
    }

    /// Two bytes, the least significant first.
    private static func short(_ bytes: [UInt8], at offset: Int) throws(GzipError) -> Int {
        guard offset + 2 <= bytes.count else { throw .truncated(byteCount: bytes.count) }
        return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
    }

    /// The offset after a string that ends with a zero byte.
    private static func endOfString(_ bytes: [UInt8], from start: Int) throws(GzipError) -> Int {
        guard start <= bytes.count, let zero = bytes[start...].firstIndex(of: 0) else {
            throw .truncated(byteCount: bytes.count)
        }
        return zero + 1
    }
}
