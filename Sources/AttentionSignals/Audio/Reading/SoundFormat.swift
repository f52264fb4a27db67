/// The kinds of files that sounds lie in. What a file is, its first bytes say.
enum SoundFormat: String, CaseIterable {
    case wav, flac

    /// The samples of a file of one of these kinds.
    static func samples(of bytes: ByteStream) throws(SignalError) -> any SampleStream {
        var bytes = bytes
        try bytes.fill(4)
        if WAV.isOne(bytes.bytes) { return try WAVStream(bytes) }
        if FLAC.isOne(bytes.bytes) { return try FLACStream(bytes) }
        throw .unsupported(
            operation: "sound", expected: "a WAV or FLAC file", found: name(of: bytes.bytes),
            wayOut: "convert it, with: ffmpeg -i IN OUT.flac")
    }

    /// What to call a file of another kind.
    private static func name(of bytes: [UInt8]) -> String {
        if bytes.isEmpty { return "no bytes" }
        // FLAC has a form within Ogg, too; like Vorbis and Opus, it needs another reader.
        if bytes.starts(with: "OggS".utf8) { return "an Ogg file" }
        return "one that begins with \(bytes.prefix(4).map { Int($0) })"
    }
}
