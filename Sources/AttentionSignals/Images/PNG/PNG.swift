internal import AttentionFiles

/// PNG files: pictures without loss.
///
/// Read are all types of colour and depths, interlaced or not, with every checksum checked. Samples of 16 bits keep their high byte, as with
/// Pillow; those of fewer bits are spread over 0 … 255; what is transparent by palette or by colour becomes alpha. Written are 8 bits.
///
/// The decoder is our own, of a few files, because the package builds on a bare machine with nothing to install: deflate and CRC-32 are in
/// the house anyway, and what is left – filters, interlacing, palettes – is less than a system library's binding would be. `scripts/fuzz png`
/// gives it damaged files.
///
/// Source: W3C, *Portable Network Graphics (PNG) Specification*, third edition, 2025. Section numbers refer to it.
public enum PNG {
    static let mark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Whether bytes begin as a PNG file does.
    public static func isOne(_ bytes: [UInt8]) -> Bool { bytes.starts(with: mark) }

    /// The picture that `bytes` hold, turned as its EXIF orientation says.
    ///
    /// - Parameter limit: The most pixels it may have.
    /// - Throws: ``SignalError`` if they are no whole PNG file, break its rules, or the picture is too large; a size that the compressed data
    ///   cannot fill is refused before memory is asked for.
    /// - Complexity: O(pixels), at most 20 bytes of memory for each.
    public static func image(from bytes: [UInt8], limit: Int = Image.pixelLimit) throws(SignalError) -> Image {
        let file = try PNGFile(bytes, limit: limit)
        let layout = PNGLayout(file.header)
        // Deflate makes at most 1032 bytes of one.
        guard layout.byteCount / 1032 <= file.data.count else {
            throw .malformed(
                operation: "png", expected: "data for \(file.header.width) by \(file.header.height) pixels",
                found: "\(file.data.count) bytes")
        }
        var lines: [UInt8]
        do { lines = try Zlib.decompress(file.data, limit: layout.byteCount) } catch {
            throw .malformed(operation: "png", expected: "whole compressed data", found: "what gives: \(error)")
        }
        guard lines.count == layout.byteCount else {
            throw .malformed(
                operation: "png", expected: "\(layout.byteCount) bytes of lines", found: "\(lines.count)")
        }
        for pass in layout.passes { try PNGFilter.undo(in: &lines, pass, layout.pixelBits) }
        let image = try PNGPixels(file, layout).image(from: lines)
        return file.orientation.applied(to: image)
    }
}
