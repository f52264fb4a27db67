/// Reads a byte array as a stream of bits, the least significant bit of each byte first.
///
/// Up to 63 bits wait in a buffer. Past the end of the input the buffer yields zeros and ``count`` falls below zero,
/// so a decoder may read several fields and then ask ``isExhausted`` once.
struct BitReader {
    private let bytes: [UInt8]
    private var position: Int
    /// The bits that come next, the very next one lowest.
    private(set) var buffer: UInt64 = 0
    /// How many bits of the buffer are taken from the input.
    private var count = 0

    init(_ bytes: [UInt8], from position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// More bits were consumed than the input has.
    var isExhausted: Bool { count < 0 }

    /// The first byte of which no bit is consumed.
    var byteOffset: Int { min(bytes.count, position - max(0, count) / 8) }

    /// Fills the buffer with at least 56 bits, or with all the input has left.
    @inline(__always)
    mutating func refill() {
        if position + 8 <= bytes.count {
            var next: UInt64 = 0
            for offset in 0..<8 {
                next |= UInt64(bytes[position &+ offset]) << UInt64(8 * offset)
            }
            buffer |= next &<< UInt64(truncatingIfNeeded: count)
            position += (63 - count) >> 3
            count |= 56
        } else {
            while count < 56, position < bytes.count {
                buffer |= UInt64(bytes[position]) &<< UInt64(truncatingIfNeeded: count)
                position += 1
                count += 8
            }
        }
    }

    /// Steps over bits already looked at.
    @inline(__always)
    mutating func consume(_ bitCount: Int) {
        buffer &>>= UInt64(truncatingIfNeeded: bitCount)
        count -= bitCount
    }

    /// Takes a field of at most 16 bits that the last ``refill()`` covers.
    @inline(__always)
    mutating func take(_ bitCount: Int) -> Int {
        let field = Int(truncatingIfNeeded: buffer & ((1 &<< UInt64(truncatingIfNeeded: bitCount)) &- 1))
        consume(bitCount)
        return field
    }

    /// What to throw where the bits break a rule: past the end, that is no wonder.
    func error(_ corruption: GzipError.Corruption) -> GzipError {
        isExhausted ? .truncated(byteCount: bytes.count) : .corrupt(corruption, offset: byteOffset)
    }

    /// Takes a field of at most 16 bits after filling the buffer.
    mutating func read(_ bitCount: Int) throws(GzipError) -> Int {
        refill()
        let field = take(bitCount)
        guard !isExhausted else { throw .truncated(byteCount: bytes.count) }
        return field
    }

    /// Drops the rest of a byte begun and returns whole bytes from the buffer to the input.
    mutating func alignToByte() {
        position = byteOffset
        buffer = 0
        count = 0
    }

    /// Appends the next `byteCount` whole bytes to `output`; the reader must stand at the start of a byte.
    mutating func copy(_ byteCount: Int, to output: inout InflatedBytes) throws(GzipError) {
        guard byteCount <= bytes.count - position else { throw .truncated(byteCount: bytes.count) }
        try output.append(bytes[position..<position + byteCount])
        position += byteCount
    }
}
