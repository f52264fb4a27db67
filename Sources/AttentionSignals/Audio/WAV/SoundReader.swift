public import AttentionFiles

/// Reads a WAV file piece by piece, as it arrives: however long it is, no more than a piece is held.
///
/// ```swift
/// var reader = try SoundReader(contentsOf: "lecture.wav")
/// while let piece = try reader.next(upTo: 16_000) { print(piece.duration) }
/// ```
///
/// What is read and what is refused is the same as for a whole file, see ``WAV``.
public struct SoundReader: ~Copyable {
    /// How many samples a second has.
    public var sampleRate: Int { format.sampleRate }
    /// How many channels there are.
    public var channelCount: Int { format.channelCount }

    private let nextPiece: () throws(FileError) -> [UInt8]
    private let format: WAVFormat
    /// Bytes that have come and are not samples yet.
    private var bytes: [UInt8]
    /// How many bytes of samples may still come.
    private var remaining: Int
    /// How many samples of each channel were handed out.
    private var position = 0
    private var hasEnded = false

    /// Reads from any source of bytes.
    ///
    /// - Parameter nextPiece: Returns the bytes that come next, and none at the end of the stream.
    /// - Throws: ``SignalError`` if they are no WAV file, or one of another sort.
    public init(nextPiece: @escaping () throws(FileError) -> [UInt8]) throws(SignalError) {
        var beginning = Beginning(nextPiece: nextPiece)
        (format, remaining) = try beginning.read()
        (self.nextPiece, bytes) = (nextPiece, beginning.bytes)
    }

    /// Opens a file.
    /// - Throws: ``SignalError`` if it cannot be read, or is no WAV file.
    public init(contentsOf path: String) throws(SignalError) {
        let file: OpenFile
        do { file = OpenFile(try FileDescriptor(reading: path)) } catch { throw .file(error) }
        try self.init { () throws(FileError) in try file.descriptor.read(atMost: 1 << 16) }
    }

    /// Reads the process's standard input.
    /// - Throws: ``SignalError`` if that is no WAV file.
    public static func standardInput() throws(SignalError) -> SoundReader {
        try SoundReader { () throws(FileError) in try FileDescriptor.standardInput.read(atMost: 1 << 16) }
    }

    /// What comes next: as many samples of each channel as that, or fewer at the end; nil behind it.
    ///
    /// - Precondition: `sampleCount` is above 0.
    /// - Throws: ``SignalError`` if the stream cannot be read, or a sample is not finite.
    public mutating func next(upTo sampleCount: Int) throws(SignalError) -> Sound? {
        precondition(sampleCount > 0, "SoundReader: expected to read at least 1 sample, found \(sampleCount)")
        let wanted = min(remaining, min(sampleCount, remaining) * format.frameSize)
        while bytes.count < wanted, !hasEnded {
            let piece: [UInt8]
            do { piece = try nextPiece() } catch { throw .file(error) }
            hasEnded = piece.isEmpty
            bytes += piece
        }
        let end = min(bytes.count, wanted) / format.frameSize * format.frameSize
        guard end > 0 else { return nil }
        let channels = format.channels(of: bytes, in: 0..<end)
        bytes.removeFirst(end)
        remaining -= end
        defer { position += end / format.frameSize }
        do { return try Sound(channels: channels, sampleRate: sampleRate, operation: "wav") } catch {
            throw error.moved(by: position, channels)
        }
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

/// A file that stays open as long as somebody reads it.
private final class OpenFile: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
}

/// The chunks before the samples.
private struct Beginning {
    let nextPiece: () throws(FileError) -> [UInt8]
    var bytes: [UInt8] = []

    /// A chunk `fmt ` that says more is none.
    private static let formatLimit = 1 << 16

    /// Reads up to the first byte of the samples, which is then the first of `bytes`.
    mutating func read() throws(SignalError) -> (format: WAVFormat, byteCount: Int) {
        try fill(12)
        let head = ByteFields(bytes, "wav", .littleEndian)
        guard head.has("RIFF", at: 0), head.has("WAVE", at: 8) else {
            throw head.malformed("RIFF, a length and WAVE at the beginning", found: "other bytes")
        }
        bytes.removeFirst(12)
        var (format, place): (WAVFormat?, Int) = (nil, 12)
        while try fill(8) {
            let fields = ByteFields(bytes, "wav", .littleEndian)
            let size = try fields.word(4)
            if fields.has("data", at: 0) {
                guard let format else {
                    throw fields.malformed("a chunk fmt before the samples", found: "none before byte \(place)")
                }
                bytes.removeFirst(8)
                return (format, size)
            }
            if fields.has("fmt ", at: 0), size <= Self.formatLimit {
                try fill(8 + size)
                format = try WAVFormat(ByteFields(bytes, "wav", .littleEndian), at: 8, size: size)
            }
            try drop(8 + size + size % 2)  // chunks begin at even places
            place += 8 + size + size % 2
        }
        throw SignalError.malformed(
            operation: "wav", expected: "a chunk data with samples", found: "the end after \(place + bytes.count) bytes"
        )
    }

    /// Reads until so many bytes are there; false if there are not so many.
    @discardableResult
    private mutating func fill(_ count: Int) throws(SignalError) -> Bool {
        while bytes.count < count {
            let piece: [UInt8]
            do { piece = try nextPiece() } catch { throw .file(error) }
            guard !piece.isEmpty else { return false }
            bytes += piece
        }
        return true
    }

    /// Passes over so many bytes, or as many as there are.
    private mutating func drop(_ count: Int) throws(SignalError) {
        var count = count
        while count > bytes.count {
            count -= bytes.count
            bytes = []
            guard try fill(1) else { return }
        }
        bytes.removeFirst(count)
    }
}
