/// Finds added tokens in text: the leftmost first, among those that begin together the longest.
struct AddedTokenMatcher: Sendable {
    /// Text between added tokens, or one of them.
    enum Span {
        case text(Range<Int>)
        case token(AddedToken, Range<Int>)
    }

    private struct Candidate {
        let token: AddedToken
        let content: [Unicode.Scalar]
    }

    /// By their first scalar, the longest first.
    private let candidates: [Unicode.Scalar: [Candidate]]

    /// - Parameter spelling: how a token's content is spelt in the text to be searched.
    init(_ tokens: [AddedToken], spelling: (String) -> String) {
        var candidates: [Unicode.Scalar: [Candidate]] = [:]
        for token in tokens {
            let content = Array(spelling(token.content).unicodeScalars)
            guard let first = content.first else { continue }
            candidates[first, default: []].append(Candidate(token: token, content: content))
        }
        self.candidates = candidates.mapValues { $0.sorted { $0.content.count > $1.content.count } }
    }

    /// The spans of `text`, which follow one another without gaps; none of them is empty.
    func spans(of text: AlignedText) -> [Span] {
        guard !candidates.isEmpty else { return text.isEmpty ? [] : [.text(0..<text.count)] }
        var spans: [Span] = []
        var textStart = 0
        var index = 0
        while index < text.count {
            guard let match = candidates[text[index].scalar]?.first(where: { text[index...].starts(with: $0.content) })
            else {
                index += 1
                continue
            }
            let end = index + match.content.count
            if let range = extent(of: match.token, index..<end, in: text, after: textStart) {
                if textStart < range.lowerBound { spans.append(.text(textStart..<range.lowerBound)) }
                spans.append(.token(match.token, range))
                textStart = range.upperBound
            }
            index = end
        }
        if textStart < text.count { spans.append(.text(textStart..<text.count)) }
        return spans
    }

    /// Where the match really begins and ends, `nil` if it is not to count.
    private func extent(
        of token: AddedToken, _ range: Range<Int>, in text: AlignedText, after limit: Int
    ) -> Range<Int>? {
        if token.isSingleWord {
            if range.lowerBound > 0, text[range.lowerBound - 1].scalar.isWordCharacter { return nil }
            if range.upperBound < text.count, text[range.upperBound].scalar.isWordCharacter { return nil }
        }
        var (start, end) = (range.lowerBound, range.upperBound)
        if token.stripsLeft {
            while start > limit, text[start - 1].scalar.isWhiteSpace { start -= 1 }
        }
        if token.stripsRight {
            while end < text.count, text[end].scalar.isWhiteSpace { end += 1 }
        }
        return max(start, limit)..<max(end, limit)
    }
}
