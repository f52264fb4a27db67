package import AttentionFiles

/// Cuts as GPT-2 does and writes every byte of UTF-8 as one character, so that no text is outside the vocabulary.
package struct ByteLevelPreTokenizer: PreTokenizer {
    package static let name = "ByteLevel"

    private let addsPrefixSpace: Bool
    private let trimsOffsets: Bool
    private let cuts: Bool

    package init(_ fields: StageFields) throws(TokenizerError) {
        addsPrefixSpace = try fields.bool("add_prefix_space")
        trimsOffsets = try fields.bool("trim_offsets")
        cuts = try fields.bool("use_regex", default: true)
    }

    package var members: [JSONMember] {
        [
            JSONMember("add_prefix_space", .bool(addsPrefixSpace)), JSONMember("trim_offsets", .bool(trimsOffsets)),
            JSONMember("use_regex", .bool(cuts)),
        ]
    }

    package func split(_ segment: Segment) -> [Segment] {
        if segment.text.isEmpty { return [] }
        let needsSpace = addsPrefixSpace && segment.text.first?.scalar != " "
        let spaced = needsSpace ? segment.prepending(" ") : segment
        return (cuts ? words(of: spaced) : [spaced]).map { word in
            let bytes = word.text.flatMap { element in
                element.scalar.utf8.map { element.replaced(by: ByteAlphabet.scalars[Int($0)]) }
            }
            return Segment(bytes[...], isAtStart: word.isAtStart)
        }
    }

    private func words(of segment: Segment) -> [Segment] {
        var segments: [Segment] = []
        var start = segment.text.startIndex
        while start < segment.text.endIndex {
            let end = Self.endOfWord(in: segment.text[start...])
            segments.append(segment.part(start..<end))
            start = end
        }
        return segments
    }

    private static let contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"].map { Array($0.unicodeScalars) }

    /// Where the first match of GPT-2's pattern in `text` ends; the pattern matches everywhere:
    /// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.
    private static func endOfWord(in text: ArraySlice<AlignedScalar>) -> Int {
        if let contraction = contractions.first(where: text.starts) {
            return text.startIndex + contraction.count
        }
        let rest = text.first?.scalar == " " ? text.dropFirst() : text
        if let first = rest.first, !first.scalar.isWhiteSpace {
            let kind = Kind(first.scalar)
            return rest.firstIndex { Kind($0.scalar) != kind } ?? text.endIndex
        }
        let end = text.firstIndex { !$0.scalar.isWhiteSpace } ?? text.endIndex
        return end == text.endIndex || end == text.startIndex + 1 ? end : end - 1
    }

    private enum Kind {
        case letter, number, space, other

        init(_ scalar: Unicode.Scalar) {
            self =
                if scalar.isWhiteSpace { .space } else if scalar.isLetter {
                    .letter
                } else if scalar.isNumber, scalar.isAssigned(byUnicode: 16) { .number } else { .other }
        }
    }
}
