internal import AttentionFiles

extension Sound {
    /// The most samples, of all channels together, that compressed files are read with at once unless said otherwise: 268 million, more than
    /// four and a half hours of one channel at 16 kHz, which take a gibibyte of memory. ``SoundReader`` knows no limit.
    public static let sampleLimit = 1 << 28

    /// The sound in a WAV or FLAC file.
    ///
    /// - Parameters:
    ///   - limit: The most samples that it may have, of all channels together, if it is compressed.
    ///   - onShortage: Told if the file is cut short.
    /// - Throws: ``SignalError`` if it cannot be read, is damaged or of another kind, or has more samples than the limit; see ``WAV`` and ``FLAC``.
    public init(
        contentsOf path: String, limit: Int = sampleLimit, onShortage: (SoundShortage) -> Void = { _ in }
    ) throws(SignalError) {
        let bytes: [UInt8]
        do { bytes = try FileContents.read(path) } catch { throw .file(error) }
        try self.init(bytes, limit: limit, onShortage: onShortage)
    }

    /// The sound that the bytes of a WAV or FLAC file hold; which of them it is, its first bytes say.
    public init(
        _ bytes: [UInt8], limit: Int = sampleLimit, onShortage: (SoundShortage) -> Void = { _ in }
    ) throws(SignalError) {
        var samples = try SoundFormat.samples(of: ByteStream(bytes))
        // A file that is not compressed has fewer samples than bytes, which are there already.
        self = try samples.rest(limit: WAV.isOne(bytes) ? .max : limit, onShortage: onShortage)
    }

    /// Whether a file is a sound by its name, which then ends in `.wav` or `.flac`, in small letters or capitals.
    public static func isNamed(_ path: String) -> Bool {
        SoundFormat.allCases.contains { path.lowercased().hasSuffix("." + $0.rawValue) }
    }

    /// Writes it as a WAV file of 16-bit samples, whole or not at all.
    ///
    /// - Throws: ``SignalError`` if it is too long for a WAV file, or the system refuses.
    public func write(to path: String) throws(SignalError) {
        let bytes = try WAV.bytes(of: self)
        do { try AtomicFile.write(bytes, to: path) } catch { throw .file(error) }
    }
}
