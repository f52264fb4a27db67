/// The bits of a scan, the highest of each byte first, without the zeros that follow a byte of FF (T.81, section F.1.2.3).
///
/// It stops at a marker or the end and yields zeros from there; whether any of those were used, ``isExhausted`` says.
struct JPEGBits {
    private let bytes: UnsafeBufferPointer<UInt8>
    /// The next byte that is not in the buffer.
    private(set) var position: Int
    /// The bits that come next, the very next one highest.
    private var buffer: UInt64 = 0
    private var count = 0
    /// How many zeros were put behind the last bit.
    private var inventedCount = 0
    private var hasFailed = false

    init(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int) { (self.bytes, self.position) = (bytes, position) }

    /// Whether bits were used that are not there, or that no code has.
    var isExhausted: Bool { hasFailed || count < inventedCount }

    mutating func fail() { hasFailed = true }

    /// Makes sure of 32 bits: a code and the number behind it.
    @inline(__always)
    mutating func fill() { if count < 32 { refill() } }

    private mutating func refill() {
        while count <= 56 {
            var byte: UInt8 = 0
            if position < bytes.count, bytes[position] != 0xFF {
                byte = bytes[position]
                position += 1
            } else if position + 1 < bytes.count, bytes[position + 1] == 0 {
                byte = 0xFF
                position += 2
            } else {
                inventedCount += 8
            }
            buffer |= UInt64(byte) &<< UInt64(56 - count)
            count += 8
        }
    }

    /// The next 1 to 16 bits, which stay.
    @inline(__always)
    func peek(_ bitCount: Int) -> Int { Int(truncatingIfNeeded: buffer &>> UInt64(64 - bitCount)) }

    @inline(__always)
    mutating func skip(_ bitCount: Int) {
        buffer &<<= UInt64(bitCount)
        count -= bitCount
    }

    /// Takes the next 0 to 16 bits; the last ``fill()`` must cover them.
    @inline(__always)
    mutating func take(_ bitCount: Int) -> Int {
        if bitCount == 0 { return 0 }
        defer { skip(bitCount) }
        return peek(bitCount)
    }

    /// Takes a number of 0 to 15 bits whose first bit says its sign (T.81, figure F.12).
    @inline(__always)
    mutating func takeSigned(_ bitCount: Int) -> Int {
        let value = take(bitCount)
        return bitCount == 0 || value >> (bitCount - 1) == 1 ? value : value - (1 << bitCount) + 1
    }

    /// Takes one bit.
    @inline(__always)
    mutating func takeBit() -> Int {
        fill()
        return take(1)
    }

    /// Goes on behind the restart marker of this number; false if another comes.
    mutating func restart(_ number: Int) -> Bool {
        if isExhausted { return false }
        position = Self.marker(in: bytes, from: position)
        guard position + 1 < bytes.count, Int(bytes[position + 1]) == 0xD0 + number else { return false }
        (position, buffer, count, inventedCount) = (position + 2, 0, 0, 0)
        return true
    }

    /// Where the next marker begins, behind what fills up: the place of its last FF, or the end.
    static func marker(in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var place = start
        while place + 1 < bytes.count, bytes[place] != 0xFF || bytes[place + 1] == 0 || bytes[place + 1] == 0xFF {
            place += 1
        }
        return place + 1 < bytes.count ? place : bytes.count
    }
}
