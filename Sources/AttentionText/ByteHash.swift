/// A hash of bytes that grows with them: what begins alike is hashed once.
///
/// Each eight bytes are multiplied in, and what is left over with their number (after the multiply-and-fold of wyhash, by one word at a time).
struct ByteHash {
    private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

    private let bytes: UnsafeBufferPointer<UInt8>
    private var position: Int
    private var state: UInt64

    /// - Parameter seed: what tells apart those that have the same bytes.
    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, seed: UInt64 = 0) {
        (self.bytes, position, state) = (bytes, start, seed ^ 0x9AE1_6A3B_2F90_404F)
    }

    /// The hash of the bytes before `end`, which lies no further back than the last time.
    @inline(__always)
    mutating func value(upTo end: Int) -> UInt64 {
        while position + 8 <= end {
            state = Self.mixed(state ^ bytes.word(at: position, upTo: end))
            position += 8
        }
        let rest = bytes.word(at: position, upTo: end) | UInt64(truncatingIfNeeded: end - position) << 56
        return Self.mixed(Self.mixed(state ^ rest))
    }

    /// The hash of one word.
    @inline(__always)
    static func mixed(_ word: UInt64) -> UInt64 {
        let product = word &* factor
        return product ^ product >> 32
    }
}
