/// What becomes of the delimiters at which text is cut.
enum SplitBehavior: String {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"

    /// Reads the behaviour's name in `field`.
    init(_ fields: StageFields, _ field: String, default fallback: String? = nil) throws(TokenizerError) {
        guard let behavior = SplitBehavior(rawValue: try fields.string(field, default: fallback)) else {
            throw fields.error(
                field, expected: "Removed, Isolated, MergedWithPrevious, MergedWithNext or Contiguous")
        }
        self = behavior
    }

    /// Cuts at every scalar that `isDelimiter`.
    func split(_ segment: Segment, at isDelimiter: (Unicode.Scalar) -> Bool) -> [Segment] {
        var spans: [Span] = []
        var start = segment.text.startIndex
        for index in segment.text.indices where isDelimiter(segment.text[index].scalar) {
            if start < index { spans.append(Span(range: start..<index, isDelimiter: false)) }
            spans.append(Span(range: index..<index + 1, isDelimiter: true))
            start = index + 1
        }
        if start < segment.text.endIndex {
            spans.append(Span(range: start..<segment.text.endIndex, isDelimiter: false))
        }
        return join(spans).map(segment.part)
    }

    /// Cuts wherever `pattern` stands or, if that `isInverted`, wherever it does not.
    func split(_ segment: Segment, at pattern: TextPattern, isInverted: Bool = false) -> [Segment] {
        var spans: [Span] = []
        var start = segment.text.startIndex
        for match in pattern.matches(in: segment.text) {
            if start < match.lowerBound { spans.append(Span(range: start..<match.lowerBound, isDelimiter: isInverted)) }
            spans.append(Span(range: match, isDelimiter: !isInverted))
            start = match.upperBound
        }
        if start < segment.text.endIndex {
            spans.append(Span(range: start..<segment.text.endIndex, isDelimiter: isInverted))
        }
        return join(spans).filter { !$0.isEmpty }.map(segment.part)
    }

    /// A delimiter, or the text between two.
    struct Span {
        var range: Range<Int>
        let isDelimiter: Bool
    }

    /// Puts delimiters where this behaviour wants them; `spans` follow one another without gaps.
    func join(_ spans: [Span]) -> [Range<Int>] {
        switch self {
        case .removed:
            return spans.filter { !$0.isDelimiter }.map(\.range)
        case .isolated:
            return spans.map(\.range)
        case .contiguous:
            return merge(spans) { $0.isDelimiter == $1.isDelimiter }
        case .mergedWithPrevious:
            return merge(spans) { !$0.isDelimiter && $1.isDelimiter }
        case .mergedWithNext:
            return merge(spans) { $0.isDelimiter && !$1.isDelimiter }
        }
    }

    /// Joins neighbours for which `belong`.
    private func merge(_ spans: [Span], _ belong: (Span, Span) -> Bool) -> [Range<Int>] {
        var ranges: [Range<Int>] = []
        for (index, span) in spans.enumerated() {
            if index > 0, belong(spans[index - 1], span) {
                ranges[ranges.count - 1] = ranges[ranges.count - 1].lowerBound..<span.range.upperBound
            } else {
                ranges.append(span.range)
            }
        }
        return ranges
    }
}
