extension WAV {
    /// A WAV file of 16-bit PCM: `round(32768 · x)`, ties to even, cut to [−32768, 32767].
    ///
    /// - Throws: ``SignalError`` if the samples take more than the 4 GiB that such a file can say.
    public static func bytes(of sound: Sound) throws(SignalError) -> [UInt8] {
        let (frameSize, header) = (2 * sound.channels.count, 44)
        let (size, overflow) = sound.sampleCount.multipliedReportingOverflow(by: frameSize)
        guard !overflow, size <= Int(UInt32.max) - header, sound.channels.count <= Int(Int16.max) else {
            throw .tooLarge(
                operation: "wav", limit: Int(UInt32.max) - header, unit: "bytes of samples",
                found: "\(sound.sampleCount) samples of \(sound.channels.count) channels")
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(header + size)
        bytes += "RIFF".utf8
        append(UInt32(header - 8 + size), to: &bytes)
        bytes += "WAVEfmt ".utf8
        append(UInt32(16), to: &bytes)
        append(UInt16(1), to: &bytes)  // PCM
        append(UInt16(sound.channels.count), to: &bytes)
        append(UInt32(sound.sampleRate), to: &bytes)
        append(UInt32(sound.sampleRate * frameSize), to: &bytes)
        append(UInt16(frameSize), to: &bytes)
        append(UInt16(16), to: &bytes)
        bytes += "data".utf8
        append(UInt32(size), to: &bytes)
        for index in 0..<sound.sampleCount {
            for channel in sound.channels {
                let value = (channel[index] * 0x8000).rounded(.toNearestOrEven)
                append(UInt16(bitPattern: Int16(min(max(value, -0x8000), 0x7FFF))), to: &bytes)
            }
        }
        return bytes
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
    }
}
