/// The bits of the frames of a FLAC file, the highest of each byte first, as the bytes arrive.
struct FLACBits {
    /// Its first byte is the first of the frame.
    private var stream: ByteStream
    /// The next byte that is not in the buffer.
    private var place = 0
    /// The bits that come next, the very next one highest.
    private var buffer: UInt64 = 0
    /// How many of them are held.
    private var count = 0
    /// Whether more was asked for than there is.
    private(set) var isCut = false

    init(_ stream: ByteStream) { self.stream = stream }

    /// The most bytes of a frame. The largest that says all its samples plainly has two mebibytes; only bits that are made to waste memory need more.
    private static let frameLimit = 1 << 24

    // MARK: Frames

    /// Goes on at the next whole byte, with which a frame begins; false at the end.
    mutating func beginFrame() throws(SignalError) -> Bool {
        try stream.drop(byteOffset)
        (place, buffer, count) = (0, 0, 0)
        return try stream.fill(1)
    }

    /// Whether the frame begins with these bytes.
    mutating func begins(with bytes: [UInt8]) throws(SignalError) -> Bool {
        try stream.fill(bytes.count)
        return stream.bytes.starts(with: bytes)
    }

    /// The bytes of the frame that were read, the last one perhaps in part.
    var frameBytes: ArraySlice<UInt8> { stream.bytes[..<byteOffset] }

    /// Passes over what is left of a byte.
    mutating func alignToByte() { skip(count % 8) }

    private var byteOffset: Int { place - count / 8 }

    // MARK: Numbers

    /// Takes the next 0 to 56 bits as a number without sign.
    @inline(__always)
    mutating func take(_ bitCount: Int) throws(SignalError) -> Int {
        if bitCount == 0 { return 0 }
        if count < bitCount { try refill(bitCount) }
        defer { skip(bitCount) }
        return Int(truncatingIfNeeded: buffer &>> UInt64(64 - bitCount))
    }

    /// Takes the next 0 to 56 bits as a number in two's complement.
    @inline(__always)
    mutating func takeSigned(_ bitCount: Int) throws(SignalError) -> Int {
        let unused = Int.bitWidth - bitCount
        return (try take(bitCount) &<< unused) &>> unused
    }

    /// Takes a number that is written as so many zeros and a one.
    @inline(__always)
    mutating func takeUnary() throws(SignalError) -> Int {
        var zeroCount = 0
        while true {
            if count == 0 { try refill(1) }
            let run = buffer.leadingZeroBitCount
            if run < count {
                skip(run + 1)
                return zeroCount + run
            }
            zeroCount += count
            (buffer, count) = (0, 0)
        }
    }

    @inline(__always)
    private mutating func skip(_ bitCount: Int) {
        buffer &<<= UInt64(bitCount)
        count -= bitCount
    }

    /// Fills the buffer with so many bits at least, 56 at most.
    private mutating func refill(_ bitCount: Int) throws(SignalError) {
        while count < bitCount {
            if place + 8 <= stream.bytes.count {
                let next = stream.bytes.withUnsafeBytes {
                    UInt64(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self))
                }
                // Bits beyond those that are counted are the right ones, and come again.
                buffer |= next &>> UInt64(count)
                place += (63 - count) >> 3
                count |= 56
            } else if place < stream.bytes.count {
                buffer |= UInt64(stream.bytes[place]) &<< UInt64(56 - count)
                place += 1
                count += 8
            } else {
                try extend()
            }
        }
    }

    private mutating func extend() throws(SignalError) {
        guard place < Self.frameLimit else {
            throw .damagedFLAC("a frame of at most \(Self.frameLimit) bytes", found: "a longer one")
        }
        guard try stream.extend() else {
            isCut = true
            throw .damagedFLAC("the rest of a frame", found: "the end after \(stream.receivedCount) bytes")
        }
    }
}
