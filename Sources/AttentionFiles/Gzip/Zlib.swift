/// Deflate data between two bytes that name them and their checksum, as PNG has them.
///
/// Source: RFC 1950.
package enum Zlib {
    /// The contents, checked against their checksum. What follows them is not looked at.
    ///
    /// - Parameter limit: The most bytes of contents to produce.
    /// - Throws: `GzipError` when the data are none, end early, are corrupt or exceed the limit.
    package static func decompress(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
        guard bytes.count >= 2 else { throw .truncated(byteCount: bytes.count) }
        guard bytes[0] & 15 == 8, (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0, bytes[1] & 0x20 == 0 else {
            throw .notZlib(bytes[0], bytes[1])
        }
        var inflate = Inflate(bytes, limit: limit)
        let end = try inflate.readStream(from: 2)
        let contents = try inflate.finish()
        guard bytes.count - end >= 4 else { throw .truncated(byteCount: bytes.count) }
        let expected = bytes[end..<end + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        let found = adler32(of: contents)
        guard expected == found else { throw .adler32(expected: expected, found: found) }
        return contents
    }

    /// The sum of the bytes, and of all sums on the way, modulo 65521.
    static func adler32(of bytes: [UInt8]) -> UInt32 {
        var (sum, sums, index): (UInt32, UInt32, Int) = (1, 0, 0)
        while index < bytes.count {
            // So many can be added before 32 bits overflow.
            let end = min(bytes.count, index + 5552)
            while index < end {
                sum &+= UInt32(bytes[index])
                sums &+= sum
                index += 1
            }
            (sum, sums) = (sum % 65521, sums % 65521)
        }
        return sums << 16 | sum
    }

    /// Data that `decompress` makes `bytes` of.
    ///
    /// - Complexity: O(bytes).
    package static func compress(_ bytes: [UInt8]) -> [UInt8] {
        let checksum = adler32(of: bytes)
        return [0x78, 0x01] + Deflate.compress(bytes)
            + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * $0)) }
    }
}
