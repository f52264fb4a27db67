/// A frame of a FLAC file: a block of samples of every channel (section 9).
struct FLACFrame {
    /// The samples of each channel, equally many.
    let channels: [[Int]]

    /// Reads a frame from its first byte to its checksum.
    init(_ bits: inout FLACBits, _ info: FLACStreamInfo) throws(SignalError) {
        let header = try FLACFrameHeader(&bits, info)
        var channels: [[Int]] = []
        for channel in 0..<info.channelCount {
            let bitCount = info.bitCount + header.channels.extraBits(of: channel)
            channels.append(try FLACSubframe.samples(&bits, count: header.blockSize, bitCount: bitCount))
        }
        bits.alignToByte()
        let checksum = Int(FLACChecksum.ofFrame(bits.frameBytes))
        guard try bits.take(16) == checksum else {
            throw .damagedFLAC("a frame with the right checksum", found: "another")
        }
        header.channels.restore(&channels)
        self.channels = channels
    }
}
