/// Compression into deflate data, fast and plain: the nearest match that a table of three-byte beginnings remembers, in one block of the fixed
/// codes. For pictures of few colours, which repeat themselves, that is most of what can be gained.
///
/// Source: RFC 1951.
enum Deflate {
    private static let (longestMatch, farthest, hashBits) = (258, 32768, 15)

    static func compress(_ bytes: [UInt8]) -> [UInt8] {
        var bits = BitWriter()
        bits.write(0b011, 3)  // the last block, of fixed codes
        var latest = [Int](repeating: -1, count: 1 << hashBits)
        var place = 0
        while place < bytes.count {
            var (length, distance) = (0, 0)
            if place + 3 <= bytes.count {
                let hash = Self.hash(bytes, place)
                let candidate = latest[hash]
                latest[hash] = place
                if candidate >= 0, place - candidate <= farthest {
                    (length, distance) = (matchLength(bytes, candidate, place), place - candidate)
                }
            }
            if length >= 3 {
                write(length: length, distance: distance, to: &bits)
                place += length
            } else {
                write(symbol: Int(bytes[place]), to: &bits)
                place += 1
            }
        }
        write(symbol: 256, to: &bits)
        return bits.finish()
    }

    private static func hash(_ bytes: [UInt8], _ place: Int) -> Int {
        let three = UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
        return Int((three &* 0x9E37_79B1) >> UInt32(32 - hashBits))
    }

    private static func matchLength(_ bytes: [UInt8], _ first: Int, _ second: Int) -> Int {
        let most = min(longestMatch, bytes.count - second)
        var length = 0
        while length < most, bytes[first + length] == bytes[second + length] { length += 1 }
        return length
    }

    private static func write(length: Int, distance: Int, to bits: inout BitWriter) {
        let symbol = InflateCodes.lengths.lastIndex { $0.base <= length } ?? 0
        write(symbol: 257 + symbol, to: &bits)
        bits.write(length - InflateCodes.lengths[symbol].base, InflateCodes.lengths[symbol].extraBitCount)
        let distanceSymbol = InflateCodes.distanceValues.lastIndex { $0.base <= distance } ?? 0
        bits.writeCode(distanceSymbol, 5)
        let value = InflateCodes.distanceValues[distanceSymbol]
        bits.write(distance - value.base, value.extraBitCount)
    }

    /// The fixed code of a literal or length (RFC 1951, section 3.2.6).
    private static func write(symbol: Int, to bits: inout BitWriter) {
        switch symbol {
        case ..<144: bits.writeCode(0x30 + symbol, 8)
        case ..<256: bits.writeCode(0x190 + symbol - 144, 9)
        case ..<280: bits.writeCode(symbol - 256, 7)
        default: bits.writeCode(0xC0 + symbol - 280, 8)
        }
    }
}

/// Bits put into bytes, the least significant bit of each first.
private struct BitWriter {
    private var bytes: [UInt8] = []
    private var (buffer, count): (UInt32, UInt32) = (0, 0)

    /// A number, from its lowest bit.
    mutating func write(_ value: Int, _ bitCount: Int) {
        buffer |= UInt32(value) << count
        count += UInt32(bitCount)
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: buffer))
            buffer >>= 8
            count -= 8
        }
    }

    /// A prefix code, from its highest bit.
    mutating func writeCode(_ code: Int, _ bitCount: Int) {
        for bit in (0..<bitCount).reversed() { write(code >> bit & 1, 1) }
    }

    consuming func finish() -> [UInt8] {
        if count > 0 { bytes.append(UInt8(truncatingIfNeeded: buffer)) }
        return bytes
    }
}
