/// A hash of bytes that grows byte by byte (after Fowler, Noll and Vo, with a factor of 64 bits). Its upper bits are the good ones.
struct ByteHash {
    private(set) var value: UInt64 = 0x9AE1_6A3B_2F90_404F

    @inline(__always)
    mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x9E37_79B9_7F4A_7C15 }

    /// The hash of all of these.
    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        for byte in bytes { add(byte) }
    }

    init() {}
}
