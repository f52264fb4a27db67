package import AttentionFiles

/// Cuts as GPT-2 does and writes every byte of UTF-8 as one character, so that no text is outside the vocabulary.
package struct ByteLevelPreTokenizer: PreTokenizer {
    package static let name = "ByteLevel"

    private let addsPrefixSpace: Bool
    private let trimsOffsets: Bool
    /// GPT-2's words, each with the space before it; `nil` if text is not cut.
    private let words: RegularExpression?

    private static let pattern =
        #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    package init(_ fields: StageFields) throws(TokenizerError) {
        addsPrefixSpace = try fields.bool("add_prefix_space")
        trimsOffsets = try fields.bool("trim_offsets")
        let cuts = try fields.bool("use_regex", default: true)
        words = cuts ? try fields.regularExpression(Self.pattern) : nil
    }

    package var members: [JSONMember] {
        [
            JSONMember("add_prefix_space", .bool(addsPrefixSpace)), JSONMember("trim_offsets", .bool(trimsOffsets)),
            JSONMember("use_regex", .bool(words != nil)),
        ]
    }

    package func cutsBeforeSpaces(writtenAs space: Unicode.Scalar) -> Bool {
        space == " " && words?.endsBeforeSpaces ?? false
    }

    package func split(_ segment: Segment) -> [Segment] {
        if segment.text.isEmpty { return [] }
        let needsSpace = addsPrefixSpace && segment.text.first?.scalar != " "
        let spaced = needsSpace ? segment.prepending(" ") : segment
        let words = words.map { SplitBehavior.isolated.split(spaced, at: .expression($0)) } ?? [spaced]
        return words.map { Segment(ByteLevelNormalizer.bytes(of: $0.text)[...]) }
    }
}
