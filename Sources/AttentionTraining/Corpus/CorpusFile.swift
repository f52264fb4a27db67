import AttentionFiles

/// The lines of a file of data, plain or compressed by gzip, in UTF-8; lines end with LF or CR LF.
public struct CorpusFile: Sendable {
    /// The file as the caller spelt it.
    public let path: String
    /// Its bytes, without a byte order mark.
    public let bytes: ArraySlice<UInt8>

    /// Reads a file.
    /// - Throws: `CorpusError` naming the file when it cannot be read or decompressed, or has no lines.
    public init(reading path: String) throws(CorpusError) {
        self.path = path
        let contents = try Self.contents(of: path)
        bytes = contents.starts(with: [0xEF, 0xBB, 0xBF]) ? contents[3...] : contents[...]
        if bytes.isEmpty { throw .empty(path: path) }
    }

    private static func contents(of path: String) throws(CorpusError) -> [UInt8] {
        let bytes: [UInt8]
        do { bytes = try FileContents.read(path) } catch { throw .unreadable(error) }
        guard Gzip.isCompressed(bytes) else { return bytes }
        do { return try Gzip.decompress(bytes) } catch { throw .undecompressible(path: path, error) }
    }

    /// The whole file as one text.
    /// - Throws: `CorpusError.invalidUTF8` with the line and its first byte that does not fit.
    public func text() throws(CorpusError) -> String {
        do { return String(copying: try UTF8Span(validating: bytes.span)) } catch {
            let place = bytes.startIndex + error.byteOffsets.lowerBound
            let before = bytes[..<place]
            let newline = UInt8(ascii: "\n")
            let start = before.lastIndex(of: newline).map { $0 + 1 } ?? bytes.startIndex
            throw .invalidUTF8(
                CorpusError.Place(path: path, line: before.count { $0 == newline } + 1), byte: place - start)
        }
    }

    /// A line and where it stands.
    public struct Line: Sendable {
        /// The file and the line's number.
        public let place: CorpusError.Place
        /// What it holds, without its end.
        public let bytes: ArraySlice<UInt8>

        /// Whether nothing but spaces and tabs stands in it.
        public var isBlank: Bool { bytes.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } }

        /// What stands between tabs.
        public var cells: [ArraySlice<UInt8>] {
            bytes.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        }

        /// A part of the line as text.
        /// - Throws: `CorpusError.invalidUTF8` with the first byte that does not fit.
        public func text(_ part: ArraySlice<UInt8>) throws(CorpusError) -> String {
            do {
                return String(copying: try UTF8Span(validating: part.span))
            } catch {
                throw .invalidUTF8(place, byte: part.startIndex - bytes.startIndex + error.byteOffsets.lowerBound)
            }
        }
    }

    /// Hands on each line in its turn, blank ones too.
    public func forEachLine<Failure: Error>(_ body: (Line) throws(Failure) -> Void) throws(Failure) {
        var (rest, number) = (bytes, 0)
        while !rest.isEmpty {
            number += 1
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            let line = rest[..<end]
            try body(
                Line(
                    place: CorpusError.Place(path: path, line: number),
                    bytes: line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
            rest = rest[end...].dropFirst()
        }
    }
}
