import Attention
import AttentionCommand
import AttentionFiles

/// Sentences, their translations, and which of their words belong together, each a line.
enum AlignmentFiles {
    /// The lines of two files side by side.
    /// - Throws: `AlignmentFileError` unless there are as many of both.
    static func pairs(_ source: String, _ target: String) throws -> [(source: String, target: String)] {
        let (sources, targets) = (try lines(of: source), try lines(of: target))
        guard sources.count == targets.count else {
            throw AlignmentFileError.lines(
                target, expected: "\(sources.count), as many as \(source) has", found: targets.count)
        }
        return Array(zip(sources, targets))
    }

    /// The links of each pair, in Pharaoh form.
    /// - Throws: `AlignmentFileError` unless there is a line of links for each of `count` pairs.
    static func references(_ path: String, count: Int, firstIndex: Int) throws -> [ReferenceAlignment] {
        let lines = try lines(of: path)
        guard lines.count == count else {
            throw AlignmentFileError.lines(path, expected: "\(count), one for each pair", found: lines.count)
        }
        return try lines.enumerated().map { number, line in
            do { return try ReferenceAlignment(pharaoh: line, firstIndex: firstIndex) } catch {
                throw AlignmentFileError.badLine(path, number: number + 1, reason: "\(error)")
            }
        }
    }

    private static func lines(of path: String) throws -> [String] {
        guard let text = String(validating: try FileContents.read(path), as: UTF8.self) else {
            throw AlignmentFileError.notText(path)
        }
        return TextLines.of(text)
    }
}

/// Files that do not belong together.
enum AlignmentFileError: DataFault, CustomStringConvertible {
    case lines(String, expected: String, found: Int)
    case badLine(String, number: Int, reason: String)
    case notText(String)
    case otherCount(String, found: Int, limit: Int)

    var description: String {
        switch self {
        case .lines(let path, let expected, let found): "align: expected lines in \(path): \(expected), found \(found)"
        case .badLine(let path, let number, let reason): "\(path), line \(number): \(reason)"
        case .notText(let path): "align: expected UTF-8 in \(path), found other bytes"
        case .otherCount(let path, let found, let limit):
            "inspect: expected 1 to \(limit) lines in \(path) for a map, found \(found); take as many"
        }
    }
}
