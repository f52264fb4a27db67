/// Reading of gzip data.
///
/// Source: RFC 1952.
public enum Gzip {
    /// Whether `bytes` start like gzip data.
    public static func isCompressed(_ bytes: [UInt8]) -> Bool {
        bytes.starts(with: [0x1F, 0x8B])
    }

    /// The contents of gzip data of one or several members, checked against their checksums and lengths.
    ///
    /// Zero bytes after the last member, as tape blocks have them, are passed over.
    ///
    /// - Parameters:
    ///   - bytes: The whole gzip file.
    ///   - limit: The most bytes of contents to produce; small inputs can stand for very large contents.
    /// - Throws: ``GzipError`` when the data are not gzip, end early, are corrupt or exceed the limit.
    public static func decompress(_ bytes: [UInt8], limit: Int = 1 << 32) throws(GzipError) -> [UInt8] {
        var inflate = Inflate(bytes, limit: limit)
        var offset = 0
        repeat {
            offset = try readMember(of: bytes, from: offset, with: &inflate)
        } while !bytes[offset...].allSatisfy { $0 == 0 }
        return try inflate.finish()
    }

    /// Decompresses one member and returns the offset after its trailer.
    private static func readMember(
        of bytes: [UInt8], from offset: Int, with inflate: inout Inflate
    ) throws(GzipError) -> Int {
        let start = inflate.output.count
        let trailer = try inflate.readStream(from: GzipHeader.end(in: bytes, from: offset))
        guard bytes.count - trailer >= 8 else { throw .truncated(byteCount: bytes.count) }

        let contents = inflate.output.storage.span.extracting(start..<inflate.output.count)
        let (checksum, length) = (CRC32.checksum(of: contents), UInt32(truncatingIfNeeded: contents.count))
        let (recordedChecksum, recordedLength) = (word(bytes, at: trailer), word(bytes, at: trailer + 4))
        guard checksum == recordedChecksum else { throw .checksum(expected: recordedChecksum, found: checksum) }
        guard length == recordedLength else { throw .length(expected: recordedLength, found: length) }
        return trailer + 8
    }

    /// Four bytes, the least significant first.
    private static func word(_ bytes: [UInt8], at offset: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << UInt32(8 * $1) }
    }
}
