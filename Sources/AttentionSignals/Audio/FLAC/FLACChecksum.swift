/// The checksums of FLAC: remainders of the bits of the bytes, the highest of each first, from zero on.
package enum FLACChecksum {
    /// That of a frame's header, of polynomial x⁸ + x² + x + 1 (section 9.1.8).
    package static func ofHeader(_ bytes: ArraySlice<UInt8>) -> UInt8 {
        var remainder: UInt8 = 0
        for byte in bytes {
            remainder ^= byte
            for _ in 0..<8 { remainder = remainder & 0x80 == 0 ? remainder << 1 : remainder << 1 ^ 0x07 }
        }
        return remainder
    }

    /// That of a frame, of polynomial x¹⁶ + x¹⁵ + x² + 1 (section 9.3).
    package static func ofFrame(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        let table = table
        var remainder: UInt16 = 0
        for byte in bytes { remainder = remainder << 8 ^ table[Int(UInt8(remainder >> 8) ^ byte)] }
        return remainder
    }

    /// The remainder of each byte with two bytes of zeros behind it.
    private static let table: [UInt16] = (0..<256).map { byte in
        var remainder = UInt16(byte) << 8
        for _ in 0..<8 { remainder = remainder & 0x8000 == 0 ? remainder << 1 : remainder << 1 ^ 0x8005 }
        return remainder
    }
}
