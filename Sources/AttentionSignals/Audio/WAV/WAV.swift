/// WAV files: sound as it is sampled.
///
/// Read are PCM of 8 (without sign), 16, 24 and 32 bits and floats of 32 and 64 bits, plainly or as WAVE_FORMAT_EXTENSIBLE, of any number of
/// channels and any rate up to `Sound.highestSampleRate`. Integers become `value / 2^(bits − 1)`, so that full scale is [−1, 1).
///
/// A `data` chunk that says more than there is – recorders that write into a pipe do not know the length when they begin – is read as far
/// as whole frames go; a file that ends before its samples begin is refused. No samples at all are a sound of length 0. Floats that are not
/// finite are refused by their place.
///
/// Source: IBM and Microsoft, *Multimedia Programming Interface and Data Specifications 1.0* (1991); Microsoft, *Multiple channel audio
/// data and WAVE files* (2001).
public enum WAV {
    /// The sound that `bytes` hold.
    ///
    /// - Throws: ``SignalError`` if they are no WAV file, or one of another sort.
    /// - Complexity: O(bytes); the samples take at most four times the memory of the file.
    public static func sound(from bytes: [UInt8]) throws(SignalError) -> Sound {
        let fields = ByteFields(bytes, "wav", .littleEndian)
        guard fields.has("RIFF", at: 0), fields.has("WAVE", at: 8) else {
            throw fields.malformed("RIFF, a length and WAVE at the beginning", found: "other bytes")
        }
        var (format, place): (WAVFormat?, Int) = (nil, 12)
        while place + 8 <= bytes.count {
            let size = try fields.word(place + 4)
            let body = place + 8
            if fields.has("fmt ", at: place) { format = try WAVFormat(fields, at: body, size: size) }
            if fields.has("data", at: place) {
                guard let format else {
                    throw fields.malformed("a chunk fmt before the samples", found: "none before byte \(place)")
                }
                let end = min(bytes.count, body + size)
                let channels = format.channels(of: bytes, in: body..<end)
                return try Sound(channels: channels, sampleRate: format.sampleRate, operation: "wav")
            }
            place = body + size + size % 2  // chunks begin at even places
        }
        throw fields.malformed("a chunk data with samples", found: "the end after \(bytes.count) bytes")
    }
}
