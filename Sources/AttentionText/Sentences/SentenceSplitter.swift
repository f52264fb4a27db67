/// Cuts running text into sentences by rules: what stands before a mark that may end one, and what behind it.
///
/// Abbreviations, initials, decimals, ellipses, quotations, parentheses and addresses are looked through; emoji stay with the sentence
/// before them. The rules know English, French, German and Spanish.
///
/// In the tradition of Mikheev, Periods, Capitalized Words, etc. (2002); the rules are our own.
public struct SentenceSplitter: Sendable {
    /// The language of the text.
    public let language: SentenceLanguage
    let abbreviations: Abbreviations

    /// A splitter for texts in this language.
    public init(language: SentenceLanguage = .english) {
        self.language = language
        abbreviations = language.abbreviations
    }

    /// The sentences of a paragraph in order, as ranges of its Unicode scalars; what lies between them and around them is white space.
    /// - Complexity: linear.
    public func sentences(in paragraph: String) -> [Range<Int>] {
        sentences(in: Array(paragraph.unicodeScalars)[...])
    }

    func sentences(in text: ArraySlice<Unicode.Scalar>) -> [Range<Int>] {
        let parentheses = Parentheses(text)
        var result: [Range<Int>] = []
        var start = text.skippingSpace(from: text.startIndex)
        var index = start
        while index < text.endIndex {
            guard text[index].isTerminator else {
                index += 1
                continue
            }
            let mark = Mark(at: index, in: text)
            index = mark.run.upperBound
            guard !parentheses.encloses(mark.end - 1), ends(mark, in: text, sentenceStart: start) else { continue }
            let end = text.skippingEmoji(after: mark.end)
            result.append(start..<end)
            start = text.skippingSpace(from: end)
            index = start
        }
        if start < text.endIndex { result.append(start..<text.endOfInk(after: start)) }
        return result
    }

    /// Whether a sentence ends with this mark.
    private func ends(_ mark: Mark, in text: ArraySlice<Unicode.Scalar>, sentenceStart: Int) -> Bool {
        let next = text.skippingSpace(from: mark.end)
        guard next < text.endIndex else { return true }
        if mark.isIdeographic { return true }
        let follower = Follower(at: next, in: text)
        if next == mark.end {
            // "Hello!How are you?": nothing but a slip of the finger.
            return mark.isLoud && follower.isCapital && mark.run.lowerBound > sentenceStart
                && text[mark.run.lowerBound - 1].properties.isLowercase
        }
        if mark.isLoud { return !(mark.hasClosers && follower.isSmall) }
        if mark.isEllipsis { return !follower.isSmall }
        if follower.isSmall {
            // Who begins without a capital goes on so.
            return text[sentenceStart].properties.isLowercase && !mark.hasClosers
                && endsPlainly(mark, in: text, sentenceStart: sentenceStart)
        }
        return periodEnds(mark, before: follower, in: text, sentenceStart: sentenceStart)
    }
}

/// A run of marks that may end a sentence, with the quotation marks and brackets that close behind it.
struct Mark {
    let run: Range<Int>
    /// Where what closes behind it ends.
    let end: Int
    /// Whether ! or ? is among them.
    let isLoud: Bool
    /// Whether it is … or several full stops.
    let isEllipsis: Bool
    /// Whether it is of the scripts that need no space behind it.
    let isIdeographic: Bool

    var hasClosers: Bool { end > run.upperBound }

    init(at start: Int, in text: ArraySlice<Unicode.Scalar>) {
        var index = start
        while index < text.endIndex, text[index].isTerminator { index += 1 }
        run = start..<index
        let marks = text[run]
        isLoud = marks.contains { $0 != "." && $0 != "\u{2026}" && !$0.isIdeographicTerminator }
        isEllipsis = !isLoud && (marks.count > 1 || marks.first == "\u{2026}")
        isIdeographic = marks.last?.isIdeographicTerminator ?? false
        while index < text.endIndex {
            if text[index].isCloser {
                index += 1
            } else if text[index].isWhiteSpace, index + 1 < text.endIndex, text[index + 1] == "»" {
                index += 2  // French puts a space before it.
            } else if let end = text.endOfFootnoteMark(at: index) {
                index = end
            } else {
                break
            }
        }
        end = index
    }
}

/// What comes after a mark, white space and opening quotation marks left aside.
struct Follower {
    /// A small letter.
    let isSmall: Bool
    /// A capital, or a letter of a script without capitals.
    let isCapital: Bool
    let isDigit: Bool
    /// The word in small letters, without the marks around it.
    let word: String

    init(at start: Int, in text: ArraySlice<Unicode.Scalar>) {
        var index = start
        while index < text.endIndex, text[index].isOpener || (index > start && text[index].isWhiteSpace) { index += 1 }
        let first = index < text.endIndex ? text[index] : " "
        isSmall = first.properties.isLowercase
        isCapital = first.properties.isAlphabetic && !isSmall
        isDigit = first.properties.numericType == .decimal
        var end = index
        while end < text.endIndex, end < index + 40, text[end].properties.isAlphabetic || text[end].isApostrophe {
            end += 1
        }
        let apostrophe = text[index..<end].firstIndex(where: \.isApostrophe)
        word = Array(text[index..<end]).string.lowercased().replacing("\u{2019}", with: "'")
        elided = apostrophe.map { Array(text[index..<$0]).string.lowercased() }
    }

    /// What stands before an apostrophe: "l" of "l'eau".
    let elided: String?

    func isAmong(_ words: Set<String>) -> Bool { words.contains(word) || elided.map(words.contains) ?? false }
}
