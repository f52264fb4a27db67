public import AttentionFiles
import AttentionTensors

/// A corpus file that cannot be used as it is.
public enum CorpusError: Error, Hashable, Sendable {
    /// The file is missing or may not be read.
    case unreadable(FileError)
    /// The file looks like gzip data but is not sound.
    case undecompressible(path: String, GzipError)
    /// The file has no lines.
    case empty(path: String)
    /// A line has a byte, at this offset in the line, that does not belong to UTF-8 text.
    case invalidUTF8(Place, byte: Int)
    /// A line has only so many columns, and the one wanted (counted from 0) is not among them.
    case missingColumn(Place, column: Int, found: Int)

    /// A line of a file, counted from 1.
    public struct Place: Hashable, Sendable, CustomStringConvertible {
        /// The file as the caller spelt it.
        public let path: String
        /// The line, counted from 1.
        public let line: Int

        /// `en-fr.tsv: line 17`.
        public var description: String { "\(path): line \(line)" }
    }
}

extension CorpusError: CustomStringConvertible {
    /// One sentence: file and line, what was expected, what was found, and the way out.
    public var description: String {
        switch self {
        case .unreadable(let error):
            error.description
        case .undecompressible(let path, let error):
            "\(path): \(error)"
        case .empty(let path):
            "\(path): expected at least one line, found an empty file; give a file of tab-separated sentence pairs"
        case .invalidUTF8(let place, let byte):
            "\(place) is not valid UTF-8; byte \(byte + 1) of the line is the first that does not fit; "
                + "convert the file to UTF-8, for example with iconv"
        case .missingColumn(let place, let column, let found):
            "\(place): expected text in column \(column + 1), found \(found == 1 ? "1 column" : "\(found) columns"); "
                + "separate the columns by tabs or choose other columns"
        }
    }
}
