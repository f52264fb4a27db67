/// A regular expression on Unicode scalars, in the syntax of the patterns that tokenizers carry (Oniguruma): classes,
/// general categories, alternatives, greedy, lazy and (of one character) possessive quantifiers, look-ahead at one
/// character, letters of either case.
///
/// What an automaton cannot do (references back, look-behind, anchors at the beginning, atomic groups) is refused when the
/// pattern is read.
struct RegularExpression: Sendable {
    let pattern: String
    private let automaton: RegularExpressionAutomaton

    /// - Throws: `RegularExpressionError` that names the construct which is not known here.
    init(_ pattern: String) throws(RegularExpressionError) {
        self.pattern = pattern
        automaton = try RegularExpressionAutomaton(RegularExpressionProgram(RegularExpressionParser.parse(pattern)))
    }

    /// Whether a space that follows anything but white space is to every match what the end of the text is.
    var endsBeforeSpaces: Bool { automaton.endsBeforeSpaces }

    /// The matches in `text`, leftmost first, none overlapping, as positions in `text`.
    ///
    /// Complexity: linear in the text for patterns that match wherever they have begun.
    func matches(in text: ArraySlice<AlignedScalar>) -> [Range<Int>] {
        var matches: [Range<Int>] = []
        let offset = text.startIndex
        text.withUnsafeBufferPointer { scalars in
            var start = 0
            var lastEnd = -1
            while start <= scalars.count {
                if let end = automaton.end(in: scalars, from: start), end > start || end != lastEnd {
                    matches.append(offset + start..<offset + end)
                    lastEnd = end
                    start = max(end, start + (end == start ? 1 : 0))
                } else {
                    start += 1
                }
            }
        }
        return matches
    }
}
