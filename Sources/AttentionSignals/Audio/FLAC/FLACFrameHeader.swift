/// How a frame of a FLAC file is written: what stands before its samples (section 9.1).
struct FLACFrameHeader {
    /// How many samples of each channel follow.
    let blockSize: Int
    let channels: FLACChannels

    /// Reads a header, whose checksum must be right and which must say of rate, channels and bits what the file says.
    init(_ bits: inout FLACBits, _ info: FLACStreamInfo) throws(SignalError) {
        // Behind 14 bits and a zero stands whether blocks are of one size; each says its own anyway.
        guard try bits.take(15) == 0x7FFC else {
            throw .damagedFLAC("FFF8 or FFF9, with which a frame begins", found: "other bytes")
        }
        _ = try bits.take(1)
        let (sizeCode, rateCode) = (try bits.take(4), try bits.take(4))
        let (channelCode, bitCode) = (try bits.take(4), try bits.take(3))
        guard try bits.take(1) == 0 else { throw .damagedFLAC("a reserved bit of 0 in a frame's header", found: "1") }
        try Self.skipNumber(&bits)
        blockSize = try Self.blockSize(sizeCode, &bits)
        let sampleRate = try Self.sampleRate(rateCode, &bits) ?? info.sampleRate
        let bitCount = try Self.bitCount(bitCode) ?? info.bitCount
        channels = try FLACChannels(code: channelCode)
        let checksum = Int(FLACChecksum.ofHeader(bits.frameBytes))
        guard try bits.take(8) == checksum else {
            throw .damagedFLAC("a frame's header with the right checksum", found: "another")
        }
        let (found, expected) = (
            (channels.count, bitCount, sampleRate), (info.channelCount, info.bitCount, info.sampleRate)
        )
        guard found == expected else {
            throw .unsupported(
                operation: "flac",
                expected:
                    "\(expected.0) × \(expected.1) bits at \(expected.2) Hz in all frames, as the file says at its beginning",
                found: "one of \(found.0) × \(found.1) bits at \(found.2) Hz",
                wayOut: "convert it, with: ffmpeg -i IN.flac OUT.wav")
        }
    }

    /// Passes over the number of the frame or of its first sample: 1 to 7 bytes, as UTF-8 spells numbers.
    private static func skipNumber(_ bits: inout FLACBits) throws(SignalError) {
        let first = UInt8(truncatingIfNeeded: try bits.take(8))
        let byteCount = first < 0x80 ? 1 : (~first).leadingZeroBitCount
        guard byteCount == 1 && first < 0x80 || 2...7 ~= byteCount else {
            throw .damagedFLAC("the number of a frame", found: "a byte with which none begins")
        }
        for _ in 1..<byteCount {
            guard try bits.take(8) >> 6 == 2 else {
                throw .damagedFLAC("the number of a frame", found: "a byte with which none goes on")
            }
        }
    }

    private static func blockSize(_ code: Int, _ bits: inout FLACBits) throws(SignalError) -> Int {
        switch code {
        case 1: return 192
        case 2...5: return 144 << code
        case 6: return try bits.take(8) + 1
        case 7:
            let size = try bits.take(16) + 1
            guard size <= 65535 else { throw .damagedFLAC("blocks of at most 65535 samples", found: "\(size)") }
            return size
        case 8...15: return 1 << code
        default: throw .damagedFLAC("the size of a block", found: "a reserved value")
        }
    }

    private static let sampleRates = [
        88200, 176_400, 192_000, 8000, 16000, 22050, 24000, 32000, 44100, 48000, 96000,
    ]

    /// Nil where it is that of the file.
    private static func sampleRate(_ code: Int, _ bits: inout FLACBits) throws(SignalError) -> Int? {
        switch code {
        case 0: return nil
        case 1...11: return sampleRates[code - 1]
        case 12: return try bits.take(8) * 1000
        case 13: return try bits.take(16)
        case 14: return try bits.take(16) * 10
        default: throw .damagedFLAC("the rate of a frame", found: "a reserved value")
        }
    }

    /// Nil where it is that of the file.
    private static func bitCount(_ code: Int) throws(SignalError) -> Int? {
        switch code {
        case 0: return nil
        case 1, 2: return 4 + 4 * code
        case 4...6: return 4 * code
        case 7: return 32
        default: throw .damagedFLAC("the bits of a sample", found: "a reserved value")
        }
    }
}
