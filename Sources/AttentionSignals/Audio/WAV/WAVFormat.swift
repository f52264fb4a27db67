/// How the samples of a WAV file are written: its chunk `fmt `.
struct WAVFormat {
    enum Encoding { case unsigned8, signed16, signed24, signed32, float32, float64 }

    let encoding: Encoding
    let channelCount: Int
    let sampleRate: Int

    /// The bytes that a sample of every channel takes.
    var frameSize: Int {
        let size =
            switch encoding {
            case .unsigned8: 1
            case .signed16: 2
            case .signed24: 3
            case .signed32, .float32: 4
            case .float64: 8
            }
        return size * channelCount
    }

    private static let (pcm, float, extensible) = (1, 3, 0xFFFE)

    init(_ fields: ByteFields, at place: Int, size: Int) throws(SignalError) {
        guard size >= 16 else { throw fields.malformed("a chunk fmt of 16 bytes or more", found: "\(size)") }
        var tag = try fields.short(place)
        let (channelCount, rate) = (try fields.short(place + 2), try fields.word(place + 4))
        let (frameSize, bits) = (try fields.short(place + 12), try fields.short(place + 14))
        if tag == Self.extensible {
            guard size >= 40 else { throw fields.malformed("an extended fmt of 40 bytes", found: "\(size)") }
            tag = try fields.short(place + 24)  // the first two bytes of the sub-format
        }
        encoding = try Self.encoding(tag: tag, bits: bits)
        guard channelCount > 0 else { throw fields.malformed("a channel or more", found: "none") }
        guard frameSize == channelCount * bits / 8 else {
            throw fields.malformed("frames of \(channelCount * bits / 8) bytes", found: "\(frameSize)")
        }
        try Sound.check(sampleRate: rate, for: "wav")
        (self.channelCount, sampleRate) = (channelCount, rate)
    }

    private static func encoding(tag: Int, bits: Int) throws(SignalError) -> Encoding {
        switch (tag, bits) {
        case (pcm, 8): .unsigned8
        case (pcm, 16): .signed16
        case (pcm, 24): .signed24
        case (pcm, 32): .signed32
        case (float, 32): .float32
        case (float, 64): .float64
        default:
            throw .unsupported(
                operation: "wav", expected: "PCM (1) of 8, 16, 24 or 32 bits or floats (3) of 32 or 64",
                found: "format \(tag) of \(bits) bits",
                wayOut: "convert it, with: ffmpeg -i IN.wav -c:a pcm_s16le OUT.wav")
        }
    }

    /// The samples of each channel, of all whole frames in `range`.
    func channels(of bytes: [UInt8], in range: Range<Int>) -> [[Float]] {
        bytes.withUnsafeBytes { bytes in
            let part = UnsafeRawBufferPointer(rebasing: bytes[range])
            switch encoding {
            case .unsigned8: return split(part, UInt8.self) { (Float($0) - 128) / 128 }
            case .signed16: return split(part, UInt16.self) { Float(Int16(bitPattern: $0)) / 0x8000 }
            case .signed24: return split24(part)
            case .signed32: return split(part, UInt32.self) { Float(Int32(bitPattern: $0)) / 0x8000_0000 }
            case .float32: return split(part, UInt32.self) { Float(bitPattern: $0) }
            case .float64: return split(part, UInt64.self) { Float(Double(bitPattern: $0)) }
            }
        }
    }

    @inline(__always)
    private func split<Word: FixedWidthInteger>(
        _ bytes: UnsafeRawBufferPointer, _ type: Word.Type, _ value: (Word) -> Float
    ) -> [[Float]] {
        let size = Word.bitWidth / 8
        return eachChannel(frameCount: bytes.count / (size * channelCount)) { index in
            value(Word(littleEndian: bytes.loadUnaligned(fromByteOffset: index * size, as: type)))
        }
    }

    private func split24(_ bytes: UnsafeRawBufferPointer) -> [[Float]] {
        eachChannel(frameCount: bytes.count / (3 * channelCount)) { index in
            let high = UInt32(bytes[3 * index]) << 8 | UInt32(bytes[3 * index + 1]) << 16
            return Float(Int32(bitPattern: high | UInt32(bytes[3 * index + 2]) << 24)) / 0x8000_0000
        }
    }

    @inline(__always)
    private func eachChannel(frameCount: Int, _ sample: (Int) -> Float) -> [[Float]] {
        (0..<channelCount).map { channel in (0..<frameCount).map { sample($0 * channelCount + channel) } }
    }
}
