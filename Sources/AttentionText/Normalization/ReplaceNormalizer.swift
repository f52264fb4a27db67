package import AttentionFiles

/// Puts one text in the place of another wherever it stands.
package struct ReplaceNormalizer: Normalizer {
    package static let name = "Replace"

    private let pattern: [Unicode.Scalar]
    private let content: [Unicode.Scalar]

    package init(_ pattern: String, by content: String) {
        self.pattern = Array(pattern.unicodeScalars)
        self.content = Array(content.unicodeScalars)
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        pattern = Array(try fields.pattern("pattern").unicodeScalars)
        content = Array(try fields.string("content").unicodeScalars)
    }

    package var members: [JSONMember] {
        let pattern = JSONMember("String", .string(pattern.string))
        return [JSONMember("pattern", .object([pattern])), JSONMember("content", .string(content.string))]
    }

    package func normalize(_ text: AlignedText) -> AlignedText {
        var result: AlignedText = []
        result.reserveCapacity(text.count)
        var rest = text[...]
        while let first = rest.first {
            if rest.starts(with: pattern) {
                result += content.map(first.replaced)
                rest = rest.dropFirst(pattern.count)
            } else {
                result.append(first)
                rest = rest.dropFirst()
            }
        }
        return result
    }
}
