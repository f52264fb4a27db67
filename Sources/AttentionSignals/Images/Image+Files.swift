internal import AttentionFiles

extension Image {
    /// The picture in a PNG, JPEG or binary PGM or PPM file, turned as its EXIF orientation says.
    ///
    /// - Parameter limit: The most pixels it may have.
    /// - Throws: ``SignalError`` if it cannot be read, is damaged, of another kind, or larger than the limit.
    public init(contentsOf path: String, limit: Int = pixelLimit) throws(SignalError) {
        let bytes: [UInt8]
        do { bytes = try FileContents.read(path) } catch { throw .file(error) }
        try self.init(bytes, limit: limit)
    }

    /// The picture that the bytes of a PNG, JPEG or binary PGM or PPM file hold; what it is, its first bytes say.
    public init(_ bytes: [UInt8], limit: Int = pixelLimit) throws(SignalError) {
        if PNG.isOne(bytes) {
            self = try PNG.image(from: bytes, limit: limit)
        } else if JPEG.isOne(bytes) {
            self = try JPEG.image(from: bytes, limit: limit)
        } else if PNM.isOne(bytes) {
            self = try PNM.image(from: bytes, limit: limit)
        } else {
            throw .unsupported(
                operation: "image", expected: "a PNG, JPEG, PGM or PPM file",
                found: bytes.isEmpty ? "no bytes" : "one that begins with \(bytes.prefix(4).map { Int($0) })",
                wayOut: "convert it to PNG")
        }
    }

    /// Writes it as a PNG file, whole or not at all.
    ///
    /// - Throws: ``SignalError`` if the system refuses.
    public func writePNG(to path: String) throws(SignalError) {
        do { try AtomicFile.write(PNG.bytes(of: self), to: path) } catch { throw .file(error) }
    }

    /// Refuses a size before memory is asked for.
    static func check(width: Int, height: Int, limit: Int, for operation: String) throws(SignalError) {
        guard width > 0, height > 0 else {
            throw .malformed(
                operation: operation, expected: "a picture of one pixel or more", found: "\(width) by \(height)")
        }
        let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
        // Whatever the caller allows: sizes of lines and planes must fit a number.
        guard !overflow, pixels <= min(limit, 1 << 40) else {
            throw .tooLarge(operation: operation, limit: limit, unit: "pixels", found: "\(width) by \(height)")
        }
    }
}
