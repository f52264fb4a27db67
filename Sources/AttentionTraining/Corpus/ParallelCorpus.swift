import AttentionFiles
import AttentionTensors

/// Sentence pairs from tab-separated files.
///
/// Each line holds a sentence and its translation in two of its columns, in UTF-8; lines end with LF or CR LF. Files
/// may be compressed by gzip, which is seen from their first bytes. Blank lines hold no pair.
public struct ParallelCorpus: Hashable, Sendable {
    /// Which columns hold the sentences, counted from 0.
    public struct Columns: Hashable, Sendable {
        /// The column of the sentences to be translated.
        public let source: Int
        /// The column of their translations.
        public let target: Int

        /// Chooses columns; negative ones are never found in a file.
        public init(source: Int = 0, target: Int = 1) {
            self.source = source
            self.target = target
        }
    }

    /// The sentence pairs in the order of the files.
    public var pairs: [SentencePair]

    /// A corpus of pairs at hand.
    public init(pairs: [SentencePair]) {
        self.pairs = pairs
    }

    /// Reads files one after the other.
    ///
    /// - Throws: ``CorpusError`` naming the file, and the line if one is at fault, when a file cannot be read or
    ///   decompressed, has no lines, is not UTF-8, or lacks a column.
    public init(reading paths: [String], columns: Columns = Columns()) throws(CorpusError) {
        pairs = []
        for path in paths {
            try append(contentsOf: Self.contents(of: path), path: path, columns: columns)
        }
    }

    private static func contents(of path: String) throws(CorpusError) -> [UInt8] {
        let bytes: [UInt8]
        do { bytes = try FileContents.read(path) } catch { throw .unreadable(error) }
        guard Gzip.isCompressed(bytes) else { return bytes }
        do { return try Gzip.decompress(bytes) } catch { throw .undecompressible(path: path, error) }
    }

    private mutating func append(
        contentsOf bytes: [UInt8], path: String, columns: Columns
    ) throws(CorpusError) {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var rest = bytes.starts(with: byteOrderMark) ? bytes[3...] : bytes[...]
        guard !rest.isEmpty else { throw .empty(path: path) }
        var line = 0
        while !rest.isEmpty {
            line += 1
            let end = rest.firstIndex(of: UInt8(ascii: "\n")) ?? rest.endIndex
            try append(line: rest[..<end], at: CorpusError.Place(path: path, line: line), columns: columns)
            rest = rest[end...].dropFirst()
        }
    }

    private mutating func append(
        line: ArraySlice<UInt8>, at place: CorpusError.Place, columns: Columns
    ) throws(CorpusError) {
        let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
        guard line.contains(where: { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }) else { return }
        let cells = line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
        for column in [columns.source, columns.target] where !cells.indices.contains(column) {
            throw .missingColumn(place, column: column, found: cells.count)
        }
        pairs.append(
            SentencePair(
                source: try string(cells[columns.source], in: line, at: place),
                target: try string(cells[columns.target], in: line, at: place)))
    }

    private func string(
        _ cell: ArraySlice<UInt8>, in line: ArraySlice<UInt8>, at place: CorpusError.Place
    ) throws(CorpusError) -> String {
        do {
            return String(copying: try UTF8Span(validating: cell.span))
        } catch {
            throw .invalidUTF8(place, byte: cell.startIndex - line.startIndex + error.byteOffsets.lowerBound)
        }
    }
}
