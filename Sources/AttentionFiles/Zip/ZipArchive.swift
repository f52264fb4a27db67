/// The files in a zip archive, stored as they are or deflated; each is checked against its length and checksum as it is read.
///
/// What an archive says at its end counts, as its format has it: writers may leave sizes out of the headers before the files.
///
/// Source: PKWARE, *.ZIP File Format Specification* (APPNOTE 6.3.10), sections 4.3 and 4.4.
package struct ZipArchive {
    /// One of its files.
    private struct Entry {
        let method: Int
        let checksum: UInt32
        let (packedCount, count): (Int, Int)
        let header: Int
    }

    /// The names of the files, in their order.
    package let names: [String]
    private let entries: [String: Entry]
    private let bytes: [UInt8]

    /// Whether bytes begin as an archive with files in it does.
    package static func isOne(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: [0x50, 0x4B, 3, 4]) }

    /// Reads the directory of an archive.
    /// - Throws: `ZipError` if it is none, damaged, or of a kind that is not read here.
    package init(_ bytes: [UInt8]) throws(ZipError) {
        let fields = ZipFields(bytes: bytes)
        let end = try Self.end(of: bytes)
        let (count, size, start) = (
            try fields.short(end + 10), try fields.word(end + 12), try fields.word(end + 16)
        )
        guard count < 0xFFFF, size < 0xFFFF_FFFF, start < 0xFFFF_FFFF else { throw .zip64(name: nil) }
        var (names, entries, place): ([String], [String: Entry], Int) = ([], [:], start)
        for _ in 0..<count {
            guard try fields.word(place) == 0x0201_4B50 else { throw .noEntry(offset: place) }
            let nameSize = try fields.short(place + 28)
            let next = place + 46 + nameSize + (try fields.short(place + 30)) + (try fields.short(place + 32))
            guard next <= bytes.count else { throw .truncated(byteCount: bytes.count) }
            let name = String(decoding: bytes[place + 46..<place + 46 + nameSize], as: UTF8.self)
            let entry = Entry(
                method: try fields.short(place + 10), checksum: UInt32(try fields.word(place + 16)),
                packedCount: try fields.word(place + 20), count: try fields.word(place + 24),
                header: try fields.word(place + 42))
            guard try fields.short(place + 8) & 1 == 0 else { throw .encrypted(name: name) }
            guard max(entry.packedCount, entry.count, entry.header) < 0xFFFF_FFFF else { throw .zip64(name: name) }
            guard entries.updateValue(entry, forKey: name) == nil else { throw .twice(name: name) }
            names.append(name)
            place = next
        }
        (self.names, self.entries, self.bytes) = (names, entries, bytes)
    }

    /// Where the last record begins, which may be followed by a comment.
    private static func end(of bytes: [UInt8]) throws(ZipError) -> Int {
        guard isOne(bytes) || bytes.starts(with: [0x50, 0x4B, 5, 6]) else { throw .notZip }
        var place = bytes.count - 22
        while place >= max(0, bytes.count - 22 - 0xFFFF) {
            if bytes[place...].starts(with: [0x50, 0x4B, 5, 6]) { return place }
            place -= 1
        }
        throw .truncated(byteCount: bytes.count)
    }

    /// The contents of a file; nil if there is none of this name.
    /// - Throws: `ZipError` if it is damaged, or packed in a way that is not read here.
    package func contents(of name: String) throws(ZipError) -> [UInt8]? {
        guard let entry = entries[name] else { return nil }
        let fields = ZipFields(bytes: bytes)
        guard try fields.word(entry.header) == 0x0403_4B50 else { throw .noEntry(offset: entry.header) }
        let start =
            entry.header + 30 + (try fields.short(entry.header + 26)) + (try fields.short(entry.header + 28))
        guard start + entry.packedCount <= bytes.count else { throw .truncated(byteCount: bytes.count) }
        let contents = try unpacked(entry, from: start, name)
        guard contents.count == entry.count else {
            throw .damaged(
                name: name,
                .length(expected: UInt32(entry.count), found: UInt32(truncatingIfNeeded: contents.count)))
        }
        let checksum = CRC32.checksum(of: contents.span)
        guard checksum == entry.checksum else {
            throw .damaged(name: name, .checksum(expected: entry.checksum, found: checksum))
        }
        return contents
    }

    private func unpacked(_ entry: Entry, from start: Int, _ name: String) throws(ZipError) -> [UInt8] {
        switch entry.method {
        case 0: return Array(bytes[start..<start + entry.packedCount])
        case 8:
            do {
                var inflate = Inflate(bytes, limit: entry.count)
                _ = try inflate.readStream(from: start)
                return try inflate.finish()
            } catch { throw .damaged(name: name, error) }
        case let method: throw .unsupportedMethod(name: name, method)
        }
    }
}

/// Numbers at places of an archive, the least significant byte first.
private struct ZipFields {
    let bytes: [UInt8]

    func short(_ place: Int) throws(ZipError) -> Int {
        guard place + 2 <= bytes.count else { throw .truncated(byteCount: bytes.count) }
        return Int(bytes[place]) | Int(bytes[place + 1]) << 8
    }

    func word(_ place: Int) throws(ZipError) -> Int { try short(place) | short(place + 2) << 16 }
}
