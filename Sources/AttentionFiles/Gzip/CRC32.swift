/// The checksum of gzip, zip and PNG (polynomial EDB88320, reflected), eight bytes at a time.
///
/// `tables[256 · k + b]` is the checksum of byte `b` followed by `k` zero bytes, so the eight table values of eight
/// bytes may be combined at once.
package enum CRC32 {
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for byte in 0..<256 {
            var remainder = UInt32(byte)
            for _ in 0..<8 {
                remainder = remainder & 1 == 0 ? remainder >> 1 : (remainder >> 1) ^ 0xEDB8_8320
            }
            tables[byte] = remainder
        }
        for index in 256..<tables.count {
            let previous = tables[index - 256]
            tables[index] = (previous >> 8) ^ tables[Int(previous & 0xFF)]
        }
        return tables
    }()

    /// The checksum of `bytes`.
    package static func checksum(of bytes: Span<UInt8>) -> UInt32 {
        let tables = tables
        var remainder: UInt32 = ~0
        var index = 0
        while index + 8 <= bytes.count {
            var next: UInt64 = 0
            for offset in 0..<8 {
                next |= UInt64(bytes[index + offset]) << UInt64(8 * offset)
            }
            next ^= UInt64(remainder)
            remainder = 0
            for offset in 0..<8 {
                remainder ^= tables[(7 - offset) * 256 + Int((next >> UInt64(8 * offset)) & 0xFF)]
            }
            index += 8
        }
        while index < bytes.count {
            remainder = (remainder >> 8) ^ tables[Int((remainder ^ UInt32(bytes[index])) & 0xFF)]
            index += 1
        }
        return ~remainder
    }
}
