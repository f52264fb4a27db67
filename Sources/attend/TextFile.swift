import AttentionCommand
import AttentionFiles

/// Texts for examinations, one a line.
enum TextFile {
    /// The lines that are not blank, at most so many.
    /// - Throws: `FileError`; `TextError` if the file is not UTF-8 or has no text.
    static func texts(of path: String, limit: Int) throws -> [String] {
        guard let text = String(validating: try FileContents.read(path), as: UTF8.self) else {
            throw TextError(place: path, reason: "expected UTF-8 text, found other bytes")
        }
        let lines = text.split(separator: "\n").map(String.init).filter { !$0.allSatisfy(\.isWhitespace) }
        guard !lines.isEmpty else { throw TextError(place: path, reason: "expected texts, one a line, found none") }
        return Array(lines.prefix(limit))
    }
}
