/// The samples of a FLAC file, as its bytes arrive.
struct FLACStream: SampleStream {
    private let info: FLACStreamInfo
    private var bits: FLACBits
    /// The samples of each channel that are decoded and not handed out.
    private var decoded: [[Float]]
    /// How many samples of each channel were decoded.
    private var position = 0
    private var hasEnded = false

    var sampleRate: Int { info.sampleRate }
    var channelCount: Int { info.channelCount }
    var announcedCount: Int? { info.sampleCount }

    var shortage: SoundShortage? {
        guard bits.isCut || position < announcedCount ?? 0 else { return nil }
        return SoundShortage(format: "flac", announcedCount: announcedCount, foundCount: position)
    }

    /// Reads up to the first frame.
    init(_ stream: ByteStream) throws(SignalError) {
        var stream = stream
        info = try FLACStreamInfo(&stream)
        bits = FLACBits(stream)
        decoded = [[Float]](repeating: [], count: info.channelCount)
    }

    mutating func next(upTo sampleCount: Int) throws(SignalError) -> Sound? {
        while !hasEnded, decoded[0].count < sampleCount { try decodeFrame() }
        let count = min(sampleCount, decoded[0].count)
        guard count > 0 else { return nil }
        let channels = decoded.map { Array($0[..<count]) }
        for channel in decoded.indices { decoded[channel].removeFirst(count) }
        return Sound(unchecked: channels, sampleRate: sampleRate)
    }

    private mutating func decodeFrame() throws(SignalError) {
        guard try bits.beginFrame(), try !isBehindFrames() else {
            hasEnded = true
            return
        }
        let frame: FLACFrame
        do { frame = try FLACFrame(&bits, info) } catch {
            // Who recorded it did not come to the end of the frame.
            guard bits.isCut else { throw error }
            hasEnded = true
            return
        }
        let scale = 1 / Float(1 << (info.bitCount - 1))
        for (channel, samples) in frame.channels.enumerated() { decoded[channel] += samples.map { Float($0) * scale } }
        position += frame.channels[0].count
    }

    /// Whether what follows is no frame and need not be one: anything behind as many samples as the file says it has, or an ID3v1 tag.
    private mutating func isBehindFrames() throws(SignalError) -> Bool {
        if try bits.begins(with: [0xFF]) { return false }
        if let announcedCount, position >= announcedCount { return true }
        return try bits.begins(with: Array("TAG".utf8))
    }
}
