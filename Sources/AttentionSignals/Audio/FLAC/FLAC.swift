/// FLAC files: sound without loss, in about half the bytes.
///
/// Read are 4 to 32 bits a sample, 1 to 8 channels, any rate up to `Sound.highestSampleRate`, blocks of one size or of many, lengths that are known or
/// not. Integers become `value / 2^(bits − 1)`, as of WAV. An ID3v2 tag in front, pictures, seek tables and other metadata are passed over.
/// The checksums of all headers and frames are checked; the MD5 sum of all samples is not, since what it could find beyond them, frames that are
/// missing, the length tells. A file that is cut short is read as far as whole frames go, and told of (``SoundShortage``); a damaged one is refused.
/// Rate, channels and bits may not change within a file. FLAC within Ogg is refused.
///
/// The decoder is our own, of a few files, as those of PNG and JPEG are: the package then builds on a bare machine with nothing to install, and a
/// format without loss has one right answer, which the reference's files test to the last bit. `scripts/fuzz flac` gives it damaged files.
///
/// Source: van Beurden & Weaver, *Free Lossless Audio Codec (FLAC)*, RFC 9639 (2024). Section numbers refer to it.
public enum FLAC {
    /// Whether bytes begin as a FLAC file does, be it with an ID3v2 tag.
    public static func isOne(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: "fLaC".utf8) || bytes.starts(with: "ID3".utf8)
    }

    /// The sound that `bytes` hold.
    ///
    /// - Parameter limit: The most samples that it may have, of all channels together: a few bytes can say thousands of equal ones.
    /// - Throws: ``SignalError`` if they are no FLAC file, break its rules, or the sound has more samples.
    /// - Complexity: O(samples), 4 bytes of memory for each.
    public static func sound(from bytes: [UInt8], limit: Int = Sound.sampleLimit) throws(SignalError) -> Sound {
        var stream = try FLACStream(ByteStream(bytes))
        return try stream.rest(limit: limit)
    }
}

extension SignalError {
    static func damagedFLAC(_ expected: String, found: String) -> SignalError {
        .malformed(operation: "flac", expected: expected, found: found)
    }
}
