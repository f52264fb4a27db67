/// WAV files: sound as it is sampled.
///
/// Read are PCM of 8 (without sign), 16, 24 and 32 bits and floats of 32 and 64 bits, plainly or as WAVE_FORMAT_EXTENSIBLE, of any number of
/// channels and any rate up to `Sound.highestSampleRate`. Integers become `value / 2^(bits − 1)`, so that full scale is [−1, 1).
///
/// A `data` chunk that says more than there is is read as far as whole frames go. A file that was cut short is told of (``SoundShortage``); one of a
/// recorder that wrote into a pipe, and did not know the length when it began, is as it should be. A file that ends before its samples begin is
/// refused. No samples at all are a sound of length 0. Floats that are not finite are refused by their place.
///
/// Source: IBM and Microsoft, *Multimedia Programming Interface and Data Specifications 1.0* (1991); Microsoft, *Multiple channel audio
/// data and WAVE files* (2001).
public enum WAV {
    /// Whether bytes begin as a WAV file does.
    public static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "RIFF".utf8) }

    /// The sound that `bytes` hold.
    ///
    /// - Throws: ``SignalError`` if they are no WAV file, or one of another sort.
    /// - Complexity: O(bytes); the samples take at most four times the memory of the file.
    public static func sound(from bytes: [UInt8]) throws(SignalError) -> Sound {
        var stream = try WAVStream(ByteStream(bytes))
        return try stream.rest()
    }
}
