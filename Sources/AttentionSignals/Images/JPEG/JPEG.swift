/// JPEG files: photographs.
///
/// Read are baseline, extended and progressive pictures of 8 bits in grey, YCbCr, RGB, CMYK and YCCK, with any whole-numbered subsampling and
/// restart markers, turned as their EXIF orientation says. The pixels are those of libjpeg, to the last bit: its accurate integer transform
/// ("islow"), its triangular upsampling of colour ("fancy") and its tables for YCbCr; CMYK becomes RGB as Pillow does it, with the inverted
/// samples that Adobe's programs write. Refused with a sentence: arithmetic coding, lossless and hierarchical pictures, 12 bits.
///
/// The decoder is our own, of some hundred lines, because the package builds on a bare machine with nothing to install, and because pictures
/// are what strangers send: damaged files go through it with `scripts/fuzz jpeg`, and no version of a library decides what a pixel is. libjpeg-turbo
/// reads a megapixel in 5 to 12 ms where this takes 16 to 29, and a model takes many times as long to see it.
///
/// Source: ITU-T T.81 (1992), whose figures and sections are named; T.871 (JFIF); libjpeg (T. Lane, 1998) for what T.81 leaves open.
public enum JPEG {
    /// Whether bytes begin as a JPEG file does.
    public static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0xFF, 0xD8, 0xFF]) }

    /// The picture that `bytes` hold: grey or RGB.
    ///
    /// - Parameter limit: The most pixels it may have.
    /// - Throws: ``SignalError`` if they are no whole JPEG file, break its rules, are of a sort that is not read, or the picture is too large; a
    ///   size that the data cannot fill – a bit a block – is refused before memory is asked for.
    /// - Complexity: O(pixels · scans), at most 20 bytes of memory a pixel.
    public static func image(from bytes: [UInt8], limit: Int = Image.pixelLimit) throws(SignalError) -> Image {
        var decoder = JPEGDecoder(bytes, limit: limit)
        return try decoder.image()
    }
}
