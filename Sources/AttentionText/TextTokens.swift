/// The tokens of a text as they come, segment by segment.
struct TextTokens {
    var tokens: [Token] = []
    /// How tokens are spelt that the vocabulary spells otherwise.
    private(set) var spellings: [String] = []
    private let origin: Token.Origin
    private(set) var segmentCount = 0

    init(origin: Token.Origin) {
        self.origin = origin
    }

    /// Adds the tokens of a stretch, which were counted from its beginning, `position` scalars from that of the text.
    @inline(__always)
    mutating func append(_ stretch: StretchEncoder.Stretch, at position: Int32) {
        for token in stretch.tokens {
            var token = token.moved(by: position, words: Int32(truncatingIfNeeded: segmentCount), from: origin)
            if token.spelling >= 0 {
                spellings.append(stretch.spellings[Int(token.spelling)])
                token.spelling = Int32(spellings.count - 1)
            }
            tokens.append(token)
        }
        segmentCount += Int(stretch.segmentCount)
    }

    /// An added token, which is a segment of its own and spelt as the text spells it.
    mutating func append(_ token: AddedToken, _ text: ArraySlice<AlignedScalar>) {
        append(token.id, text, isAdded: true, text: text.string)
        segmentCount += 1
    }

    /// The subwords of a segment.
    ///
    /// Complexity: linear in the segment, however many subwords stand for the same stretch of it.
    mutating func append(_ subwords: [Subword], of segment: ArraySlice<AlignedScalar>) {
        var place = SegmentPlace(segment)
        var previous: Subword?
        for subword in subwords {
            if let previous, previous.start == subword.start, previous.end == subword.end, !subword.isUnspelt,
                let token = tokens.last
            {
                tokens.append(token)
                tokens[tokens.count - 1].id = subword.id
                continue
            }
            previous = subword.isUnspelt ? nil : subword
            let text = segment[place.scalars(of: subword)]
            append(
                Int(subword.id), text, isEmpty: subword.start == subword.end,
                text: subword.isUnspelt ? text.string : nil)
        }
        segmentCount += 1
    }

    private mutating func append(
        _ id: Int, _ scalars: ArraySlice<AlignedScalar>, isAdded: Bool = false, isEmpty: Bool = false, text: String?
    ) {
        guard let first = scalars.first, let last = scalars.last else { return }
        if let text { spellings.append(text) }
        tokens.append(
            Token(
                id: id, start: first.start, end: isEmpty ? first.start : last.end, wordID: segmentCount,
                typeID: origin == .pair ? 1 : 0, origin: origin, isAdded: isAdded,
                spelling: text == nil ? -1 : spellings.count - 1,
                leadingSpaces: Int32(scalars.prefix { Self.isSpace($0.scalar) }.count),
                trailingSpaces: Self.isSpace(last.scalar)
                    ? Int32(scalars.reversed().prefix { Self.isSpace($0.scalar) }.count) : 0))
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value == 0x120 || scalar.isWhiteSpace
    }
}

/// A place in a segment, that moves on with the subwords.
private struct SegmentPlace {
    private let segment: ArraySlice<AlignedScalar>
    private var index: Int
    /// The bytes before `index`.
    private var byte = 0

    init(_ segment: ArraySlice<AlignedScalar>) {
        self.segment = segment
        index = segment.startIndex
    }

    /// The scalars that `subword` stands for, one at least.
    mutating func scalars(of subword: Subword) -> Range<Int> {
        // Subwords of one character, such as its bytes, begin where the one before them began.
        if subword.start < byte { (index, byte) = (segment.startIndex, 0) }
        while index < segment.endIndex - 1, byte + UTF8.width(segment[index].scalar) <= subword.start {
            byte += UTF8.width(segment[index].scalar)
            index += 1
        }
        var end = index + 1
        var endByte = byte + UTF8.width(segment[index].scalar)
        while end < segment.endIndex, endByte < subword.end {
            endByte += UTF8.width(segment[end].scalar)
            end += 1
        }
        return index..<end
    }
}
