/// The samples of a WAV file, as its bytes arrive.
struct WAVStream: SampleStream {
    private let format: WAVFormat
    private var stream: ByteStream
    /// How many bytes of samples the file says it has.
    private let announcedSize: Int
    /// How many of them may still come.
    private var remaining: Int
    /// How many samples of each channel were handed out.
    private var position = 0

    var sampleRate: Int { format.sampleRate }
    var channelCount: Int { format.channelCount }

    /// Reads up to the first byte of the samples.
    init(_ stream: ByteStream) throws(SignalError) {
        var stream = stream
        (format, announcedSize) = try Self.beginning(of: &stream)
        (self.stream, remaining) = (stream, announcedSize)
    }

    /// Recorders that write into a pipe do not know the length when they begin, and say as much as there could be: sox 7FFFF000 bytes, ALSA
    /// 7FFFFF00, ffmpeg FFFFFFFF. From the least of these on, it is no wonder that there are fewer.
    private static let leastUnknownSize = 0x7FFF_F000

    var announcedCount: Int? { announcedSize < Self.leastUnknownSize ? announcedSize / format.frameSize : nil }

    var shortage: SoundShortage? {
        guard let announcedCount, position < announcedCount else { return nil }
        return SoundShortage(format: "wav", announcedCount: announcedCount, foundCount: position)
    }

    mutating func next(upTo sampleCount: Int) throws(SignalError) -> Sound? {
        let wanted = min(remaining, min(sampleCount, remaining) * format.frameSize)
        try stream.fill(wanted)
        let end = min(stream.bytes.count, wanted) / format.frameSize * format.frameSize
        guard end > 0 else { return nil }
        let channels = format.channels(of: stream.bytes, in: 0..<end)
        try stream.drop(end)
        remaining -= end
        defer { position += end / format.frameSize }
        do { return try Sound(channels: channels, sampleRate: sampleRate, operation: "wav") } catch {
            throw error.moved(by: position, channels)
        }
    }

    /// A chunk `fmt ` that says more is none.
    private static let formatLimit = 1 << 16

    /// Reads the chunks before the samples.
    private static func beginning(
        of stream: inout ByteStream
    ) throws(SignalError) -> (format: WAVFormat, byteCount: Int) {
        try stream.fill(12)
        let head = ByteFields(stream.bytes, "wav", .littleEndian)
        guard WAV.isOne(stream.bytes), head.has("WAVE", at: 8) else {
            throw head.malformed("RIFF, a length and WAVE at the beginning", found: "other bytes")
        }
        try stream.drop(12)
        var format: WAVFormat?
        while try stream.fill(8) {
            let fields = ByteFields(stream.bytes, "wav", .littleEndian)
            let size = try fields.word(4)
            if fields.has("data", at: 0) {
                guard let format else {
                    throw fields.malformed(
                        "a chunk fmt before the samples", found: "none before byte \(stream.usedCount)")
                }
                try stream.drop(8)
                return (format, size)
            }
            if fields.has("fmt ", at: 0), size <= formatLimit {
                try stream.fill(8 + size)
                format = try WAVFormat(ByteFields(stream.bytes, "wav", .littleEndian), at: 8, size: size)
            }
            try stream.drop(8 + size + size % 2)  // chunks begin at even places
        }
        throw .malformed(
            operation: "wav", expected: "a chunk data with samples",
            found: "the end after \(stream.receivedCount) bytes")
    }
}

extension SignalError {
    /// The same of samples that are not finite, counted from the beginning of the whole.
    fileprivate func moved(by position: Int, _ channels: [[Float]]) -> SignalError {
        guard case .unfit(let operation, let expected, _, let wayOut) = self,
            let channel = channels.firstIndex(where: { $0.contains { !$0.isFinite } }),
            let place = channels[channel].firstIndex(where: { !$0.isFinite })
        else { return self }
        return .unfit(
            operation: operation, expected: expected,
            found: "\(channels[channel][place]) as sample \(position + place) of channel \(channel)", wayOut: wayOut)
    }
}
