/// The lines of a text, those of filled paragraphs taken together. Blank lines, lines without a letter or digit and fenced code are no
/// blocks: they stay as they are.
struct TextBlocks {
    enum Block: Equatable {
        /// What stands on a line behind its indentation and list mark.
        case line(Range<Int>)
        /// Several lines filled to a width, from the first one's content on, and the indentation of the second.
        case filled(Range<Int>, width: Int, indentation: Range<Int>)
    }

    private(set) var blocks: [Block] = []
    private let text: [Unicode.Scalar]

    init(of text: [Unicode.Scalar]) {
        self.text = text
        var run: [TextLine] = []
        var isFenced = false
        for line in Self.lines(of: text) {
            if line.isFence(in: text) {
                close(&run)
                isFenced.toggle()
            } else if isFenced || !line.hasWords(in: text) {
                close(&run)
            } else {
                if let last = run.last, !line.continues(last) { close(&run) }
                run.append(line)
            }
        }
        close(&run)
    }

    /// Decides which lines of a run belong together.
    private mutating func close(_ run: inout [TextLine]) {
        defer { run = [] }
        let width = run.map(\.length).max() ?? 0
        var joints: [Bool] = []
        var isEvident = false
        for (line, next) in zip(run, run.dropFirst()) {
            let isFull = line.length + 1 + next.firstWordLength(in: text) > width
            joints.append(isFull)
            isEvident = isEvident || isFull && line.runsOn(into: next, in: text)
        }
        let isFilled = width >= 30 && isEvident && 2 * joints.count(where: \.self) >= joints.count
        var start = 0
        for position in run.indices where position == joints.count || !(isFilled && joints[position]) {
            append(run[start...position], width: width)
            start = position + 1
        }
    }

    private mutating func append(_ lines: ArraySlice<TextLine>, width: Int) {
        guard let first = lines.first, let last = lines.last else { return }
        if lines.count == 1 {
            blocks.append(.line(first.content))
        } else {
            let second = lines[lines.startIndex + 1]
            blocks.append(
                .filled(
                    first.content.lowerBound..<last.content.upperBound, width: width,
                    indentation: second.start..<second.content.lowerBound))
        }
    }

    private static func lines(of text: [Unicode.Scalar]) -> [TextLine] {
        var lines: [TextLine] = []
        var start = 0
        for index in text.indices where index >= start && text[index].isLineEnd {
            lines.append(TextLine(start..<index, of: text))
            let isPair = text[index] == "\r" && index + 1 < text.count && text[index + 1] == "\n"
            start = index + (isPair ? 2 : 1)
        }
        if start < text.count { lines.append(TextLine(start..<text.count, of: text)) }
        return lines
    }
}

/// A line: indentation, perhaps the mark of a list, and content.
struct TextLine {
    let start: Int
    let content: Range<Int>
    let hasListMark: Bool
    private let markStart: Int

    /// Where a line wraps.
    var length: Int { content.upperBound - start }

    init(_ range: Range<Int>, of text: [Unicode.Scalar]) {
        let line = text[range]
        start = range.lowerBound
        markStart = line.skippingSpace(from: start)
        var index = markStart
        while let end = Self.endOfListMark(at: index, in: line) { index = line.skippingSpace(from: end) }
        hasListMark = index > markStart
        content = index..<line.endOfInk(after: index)
    }

    /// Whether this line could be one more of the paragraph `line` is in: no mark of its own, and the same indentation, or the one that
    /// hangs below a mark.
    func continues(_ line: TextLine) -> Bool {
        let indentation = content.lowerBound - start
        return !hasListMark
            && (indentation == line.content.lowerBound - line.start
                || indentation <= line.content.lowerBound - line.start && !line.hasListMark)
    }

    /// Whether a sentence seems to go on across the end of this line.
    func runsOn(into next: TextLine, in text: [Unicode.Scalar]) -> Bool {
        guard let last = content.last, let first = next.content.first else { return false }
        return !text[last].isTerminator && !text[last].isCloser && text[last] != ":"
            && text[first].properties.isLowercase
    }

    func firstWordLength(in text: [Unicode.Scalar]) -> Int {
        (text[content].firstIndex(where: \.isWhiteSpace) ?? content.upperBound) - content.lowerBound
    }

    /// Anything to translate.
    func hasWords(in text: [Unicode.Scalar]) -> Bool {
        text[content].contains { $0.properties.isAlphabetic || $0.properties.numericType != nil }
    }

    /// The beginning or end of a block of code: three backquotes or tildes.
    func isFence(in text: [Unicode.Scalar]) -> Bool {
        let line = text[markStart..<content.upperBound]
        return line.starts(with: ["`", "`", "`"]) || line.starts(with: ["~", "~", "~"])
    }

    /// The end of "- ", "• ", "> ", "## ", "12. ", "a) " or "[x] " at `index`, without the space behind it.
    private static func endOfListMark(at index: Int, in line: ArraySlice<Unicode.Scalar>) -> Int? {
        guard index < line.endIndex else { return nil }
        var end = index
        switch line[index] {
        case ">": return index + 1
        case "-", "*", "+", "\u{2022}", "\u{2023}", "\u{25AA}", "\u{25E6}", "\u{00B7}", "\u{2013}", "\u{2014}": end += 1
        case "#": while end < line.endIndex, end - index < 6, line[end] == "#" { end += 1 }
        case "[":
            guard index + 2 < line.endIndex, [" ", "x", "X"].contains(line[index + 1]), line[index + 2] == "]" else {
                return nil
            }
            end += 3
        default:
            while end < line.endIndex, end - index < 3, line[end].properties.numericType == .decimal { end += 1 }
            let isLetter = end == index && line[index].isASCII && line[index].properties.isAlphabetic
            if isLetter { end += 1 }
            guard end > index, end < line.endIndex, line[end] == ")" || line[end] == "." && !isLetter else {
                return nil
            }
            end += 1
        }
        // Without something behind it, it is no mark but the content.
        return end < line.endIndex && line[end].isWhiteSpace && line.skippingSpace(from: end) < line.endIndex
            ? end : nil
    }
}

extension Unicode.Scalar {
    /// Ends a line, alone or as the first of CR LF. Tabulations and separators of other kinds are white space like any other.
    fileprivate var isLineEnd: Bool { self == "\n" || self == "\r" || self == "\u{2029}" }
}
