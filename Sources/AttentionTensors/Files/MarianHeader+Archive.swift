import AttentionFiles

/// Marian's other container, a zip archive of numpy's arrays (`.npz`), as training leaves a model.
extension MarianHeader {
    /// The items of an archive, and their bytes one after another, each at a multiple of 64.
    /// - Throws: `MarianFileError` if the archive or an array cannot be read, or numbers are of another type.
    static func unpacked(_ archive: [UInt8], source: String) throws(MarianFileError) -> (MarianHeader, [UInt8]) {
        let zip: ZipArchive
        do { zip = try ZipArchive(archive) } catch { throw .archive(source: source, error) }
        var (items, all, known): ([Item], [UInt8], Set<String>) = ([], [], [])
        for file in zip.names {
            let name = file.hasSuffix(".npy") ? String(file.dropLast(4)) : file
            guard known.insert(name).inserted else {
                throw .malformed(source: source, expected: "each name once", found: "\(name) twice")
            }
            let bytes: [UInt8]
            do { bytes = try zip.contents(of: file) ?? [] } catch { throw .archive(source: source, error) }
            guard let header = NumpyHeader(bytes) else {
                throw .malformed(
                    source: source, expected: "an array of numpy's as \(file), row by row", found: "other bytes")
            }
            let types: [String: ItemType] = ["<f4": .float32, "|i1": .int8, "|u1": .int8]
            guard let type = types[header.type] else {
                throw .unknownNumbers(name: name, source: source, type: header.type)
            }
            let needed = try byteCount(of: header.sizes, type, name: name, source: source)
            let found = bytes.count - header.start
            guard needed == found else {
                throw .malformed(
                    source: source, expected: "\(needed) bytes for \(name) \(header.sizes)", found: "\(found)")
            }
            all += repeatElement(0, count: (64 - all.count % 64) % 64)
            items.append(Item(name: name, type: type, sizes: header.sizes, range: all.count..<all.count + needed))
            all += bytes[header.start...]
        }
        return (MarianHeader(items: items), all)
    }
}
