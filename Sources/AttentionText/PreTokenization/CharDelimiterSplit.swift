package import AttentionFiles

/// What stands between occurrences of one character.
package struct CharDelimiterSplit: PreTokenizer {
    package static let name = "CharDelimiterSplit"

    private let delimiter: Unicode.Scalar

    package init(_ fields: StageFields) throws(TokenizerError) {
        delimiter = try fields.scalar("delimiter")
    }

    package var members: [JSONMember] {
        [JSONMember("delimiter", .string(String(delimiter)))]
    }

    package func split(_ segment: Segment) -> [Segment] {
        SplitBehavior.removed.split(segment) { $0 == delimiter }
    }
}
