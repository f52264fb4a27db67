/// The lines of a text that is there as a whole, ended as `LineReader` ends them: by LF or CR LF.
package enum TextLines {
    /// Each line without its end, and the first without a byte order mark. What stands behind the last end is a line if it is not empty.
    package static func of(_ text: String) -> [String] {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = text.utf8.starts(with: mark) ? text.utf8.dropFirst(mark.count) : text.utf8[...]
        // In bytes: a Swift character is CR LF together, which no LF parts.
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
            String(Substring(line.last == UInt8(ascii: "\r") ? line.dropLast() : line))
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }
}
