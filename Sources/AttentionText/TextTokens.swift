/// The tokens of a text as they come, segment by segment.
struct TextTokens {
    private(set) var tokens: [Token] = []
    private let origin: Token.Origin
    private(set) var segmentCount = 0

    init(origin: Token.Origin) {
        self.origin = origin
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
                tokens.append(token.with(id: Int(subword.id)))
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
        tokens.append(
            Token(
                id: id, start: first.start, end: isEmpty ? first.start : last.end, wordID: segmentCount,
                typeID: origin == .pair ? 1 : 0, origin: origin, isAdded: isAdded, text: text,
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
