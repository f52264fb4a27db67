public import AttentionFiles

/// Reads a WAV or FLAC file piece by piece, as it arrives: however long it is, no more than a piece is held.
///
/// ```swift
/// var reader = try SoundReader(contentsOf: "lecture.flac")
/// while let piece = try reader.next(upTo: 16_000) { print(piece.duration) }
/// ```
///
/// What is read and what is refused is the same as for a whole file, see ``WAV`` and ``FLAC``.
public struct SoundReader: ~Copyable {
    /// How many samples a second has.
    public var sampleRate: Int { samples.sampleRate }
    /// How many channels there are.
    public var channelCount: Int { samples.channelCount }
    /// Told at the end if the file is cut short.
    public var onShortage: (SoundShortage) -> Void = { _ in }

    private var samples: any SampleStream
    private var hasEnded = false

    /// Reads from any source of bytes.
    ///
    /// - Parameter nextPiece: Returns the bytes that come next, and none at the end of the stream.
    /// - Throws: ``SignalError`` if they are no WAV or FLAC file, or one of another sort.
    public init(nextPiece: @escaping () throws(FileError) -> [UInt8]) throws(SignalError) {
        samples = try SoundFormat.samples(of: ByteStream(nextPiece: nextPiece))
    }

    /// Opens a file.
    /// - Throws: ``SignalError`` if it cannot be read, or is no WAV or FLAC file.
    public init(contentsOf path: String) throws(SignalError) {
        let file: OpenFile
        do { file = OpenFile(try FileDescriptor(reading: path)) } catch { throw .file(error) }
        try self.init { () throws(FileError) in try file.descriptor.read(atMost: 1 << 16) }
    }

    /// Reads the process's standard input.
    /// - Throws: ``SignalError`` if that is no WAV or FLAC file.
    public static func standardInput() throws(SignalError) -> SoundReader {
        try SoundReader { () throws(FileError) in try FileDescriptor.standardInput.read(atMost: 1 << 16) }
    }

    /// What comes next: as many samples of each channel as that, or fewer at the end; nil behind it.
    ///
    /// - Precondition: `sampleCount` is above 0.
    /// - Throws: ``SignalError`` if the stream cannot be read, is damaged, or a sample is not finite.
    public mutating func next(upTo sampleCount: Int) throws(SignalError) -> Sound? {
        precondition(sampleCount > 0, "SoundReader: expected to read at least 1 sample, found \(sampleCount)")
        if let sound = try samples.next(upTo: sampleCount) { return sound }
        if !hasEnded, let shortage = samples.shortage { onShortage(shortage) }
        hasEnded = true
        return nil
    }
}

/// A file that stays open as long as somebody reads it.
private final class OpenFile: Sendable {
    let descriptor: FileDescriptor

    init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }
}
