package import AttentionFiles

/// Cuts wherever a given text stands.
package struct SplitPreTokenizer: PreTokenizer {
    package static let name = "Split"

    private let pattern: [Unicode.Scalar]
    private let behavior: SplitBehavior
    /// The delimiters are what stands between two occurrences, instead of the occurrences.
    private let isInverted: Bool

    package init(_ fields: StageFields) throws(TokenizerError) {
        pattern = Array(try fields.pattern("pattern").unicodeScalars)
        behavior = try SplitBehavior(fields, "behavior")
        isInverted = try fields.bool("invert")
    }

    package var members: [JSONMember] {
        [
            JSONMember("pattern", .object([JSONMember("String", .string(pattern.string))])),
            JSONMember("behavior", .string(behavior.rawValue)), JSONMember("invert", .bool(isInverted)),
        ]
    }

    package func split(_ segment: Segment) -> [Segment] {
        var spans: [SplitBehavior.Span] = []
        var start = segment.text.startIndex
        var index = start
        while index < segment.text.endIndex {
            guard segment.text[index...].starts(with: pattern) else {
                index += 1
                continue
            }
            if start < index { spans.append(.init(range: start..<index, isDelimiter: isInverted)) }
            spans.append(.init(range: index..<index + pattern.count, isDelimiter: !isInverted))
            index += pattern.count
            start = index
        }
        if start < index { spans.append(.init(range: start..<index, isDelimiter: isInverted)) }
        return behavior.join(spans).map(segment.part)
    }
}
