import AttentionCommand
import AttentionFiles

/// Text files that are named on the command line.
enum TextFile {
    /// All of a file.
    /// - Throws: `FileError`; `TextError` if the file is not UTF-8.
    static func text(of path: String) throws -> String {
        guard let text = String(validating: try FileContents.read(path), as: UTF8.self) else {
            throw TextError(place: path, reason: "expected UTF-8 text, found other bytes; convert the file to UTF-8")
        }
        return text
    }

    /// The lines that are not blank, at most so many.
    /// - Throws: `FileError`; `TextError` if the file is not UTF-8 or has no text.
    static func texts(of path: String, limit: Int) throws -> [String] {
        let lines = TextLines.of(try text(of: path)).filter { !$0.allSatisfy(\.isWhitespace) }
        guard !lines.isEmpty else { throw TextError(place: path, reason: "expected texts, one a line, found none") }
        return Array(lines.prefix(limit))
    }
}
