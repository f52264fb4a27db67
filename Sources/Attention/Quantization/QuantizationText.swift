import AttentionFiles

/// The lines that a model is measured on before and after it is stored in fewer bits.
struct QuantizationText {
    /// Where they stand.
    let file: String
    /// Those that are not empty, at least one.
    let lines: [String]

    /// Reads a file.
    /// - Throws: `FileError` if it cannot be read, `QuantizationError.unusableText` if it is no text, or empty.
    init(_ file: String) throws {
        guard let text = String(validating: try FileContents.read(file), as: UTF8.self) else {
            throw QuantizationError.unusableText(file, expected: "text in UTF-8", found: "other bytes")
        }
        (self.file, lines) = (file, TextLines.of(text).filter { !$0.isEmpty })
        guard !lines.isEmpty else {
            throw QuantizationError.unusableText(file, expected: "lines of text", found: "none")
        }
    }

    /// The lines as pairs of texts.
    /// - Throws: `QuantizationError.unusableText` if one has no tab.
    func pairs() throws(QuantizationError) -> [(source: String, target: String)] {
        var pairs: [(source: String, target: String)] = []
        for line in lines {
            let parts = line.split(separator: "\t", maxSplits: 1)
            guard parts.count == 2 else {
                throw .unusableText(
                    file, expected: "lines of two texts with a tab between them", found: "\"\(line.prefix(40))\"")
            }
            pairs.append((String(parts[0]), String(parts[1])))
        }
        return pairs
    }
}
