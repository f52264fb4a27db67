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
            try CorpusFile(reading: path).forEachLine { line throws(CorpusError) in
                if !line.isBlank { try append(line, columns) }
            }
        }
    }

    private mutating func append(_ line: CorpusFile.Line, _ columns: Columns) throws(CorpusError) {
        let cells = line.cells
        for column in [columns.source, columns.target] where !cells.indices.contains(column) {
            throw .missingColumn(line.place, column: column, found: cells.count)
        }
        pairs.append(
            SentencePair(source: try line.text(cells[columns.source]), target: try line.text(cells[columns.target])))
    }
}
