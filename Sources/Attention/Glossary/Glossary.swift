import AttentionFiles
import AttentionText

/// How certain words must be said in the other language.
public struct Glossary: Sendable, Hashable {
    /// A word, or several, and how it must be said.
    public struct Term: Sendable, Hashable {
        /// The word as it stands in texts; capital and small letters are one.
        public let source: String
        /// What is written for it.
        public let target: String

        /// A word and how it must be said.
        public init(_ source: String, _ target: String) { (self.source, self.target) = (source, target) }
    }

    /// The terms, in order; of two for one word the later is not looked at.
    public let terms: [Term]

    /// A term as it is looked for.
    private struct Entry: Hashable {
        let words: [String]
        let order: Int
    }

    /// The terms by their first words.
    private let entries: [String: [Entry]]

    /// These terms.
    public init(_ terms: [Term]) {
        self.terms = terms
        let all = terms.enumerated().map { Entry(words: TextWords($1.source).texts.map(\.bare), order: $0) }
        entries = Dictionary(grouping: all.filter { !$0.words.isEmpty }) { $0.words[0] }
    }

    /// The terms of a file: a line each, the word, a tab, how it is said; blank lines and those that begin with # say nothing.
    ///
    /// - Throws: `FileError` if the file cannot be read; `GlossaryError` naming the line that is none.
    public init(path: String) throws {
        guard let text = String(validating: try FileContents.read(path), as: UTF8.self) else {
            throw GlossaryError.badLine(path, number: 1, found: "other bytes than UTF-8")
        }
        var terms: [Term] = []
        for (number, line) in TextLines.of(text).enumerated() {
            guard !line.allSatisfy(\.isWhitespace), !line.hasPrefix("#") else { continue }
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map {
                TextWords(String($0)).texts.joined(separator: " ")
            }
            guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }) else {
                throw GlossaryError.badLine(path, number: number + 1, found: String(line.prefix(60)))
            }
            terms.append(Term(parts[0], parts[1]))
        }
        self.init(terms)
    }

    /// A term that stands in a sentence, and which of its words it is.
    package struct Occurrence {
        package let term: Term
        package let words: Range<Int>
    }

    /// The terms that stand in a sentence, in order. Longer ones are found before shorter, each word in one of them.
    package func occurrences(in words: [String]) -> [Occurrence] {
        let folded = words.map(\.bare)
        let found = folded.indices.flatMap { start in
            (entries[folded[start]] ?? []).filter { folded[start...].starts(with: $0.words) }
                .map { (order: $0.order, words: start..<start + $0.words.count) }
        }
        var taken: Set<Int> = []
        return found.sorted {
            ($1.words.count, $0.order, $0.words.lowerBound) < ($0.words.count, $1.order, $1.words.lowerBound)
        }
        .filter { occurrence in
            guard taken.isDisjoint(with: occurrence.words) else { return false }
            taken.formUnion(occurrence.words)
            return true
        }
        .map { Occurrence(term: terms[$0.order], words: $0.words) }
        .sorted { $0.words.lowerBound < $1.words.lowerBound }
    }
}

/// Why a glossary cannot be kept.
public enum GlossaryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A line that is no term.
    case badLine(String, number: Int, found: String)
    /// What the model's vocabulary cannot spell.
    case unspeakable(String, language: String)
    /// A term for which no translation was found.
    case notWritten(Glossary.Term, sentence: String)

    public var description: String {
        switch self {
        case .badLine(let path, let number, let found):
            "glossary: expected a word, a tab and how it is said in \(path), line \(number), found \(found)"
        case .unspeakable(let text, let language):
            "glossary: expected words of the \(language) that the model's vocabulary can spell, found \(text); leave it out"
        case .notWritten(let term, let sentence):
            "glossary: expected a translation with \(term.target) for \(term.source), found none of \"\(sentence.prefix(60))\"; "
                + "leave the term out, or say the sentence otherwise"
        }
    }
}

extension String {
    /// A word in small letters without the marks around it.
    fileprivate var bare: String {
        let isPart = { (letter: Character) in letter.isLetter || letter.isNumber }
        guard let start = firstIndex(where: isPart), let end = lastIndex(where: isPart) else { return lowercased() }
        return self[start...end].lowercased()
    }

    /// With a capital letter at its beginning.
    var capitalizedAtStart: String { prefix(1).uppercased() + dropFirst() }

    /// Where words stand in a text, not within other words, as places among its words; at its beginning with a capital letter, too.
    func places(ofWords words: String) -> [Range<Int>] {
        let capital = words.capitalizedAtStart
        let atStart =
            capital != words && hasPrefix(capital) ? [startIndex..<index(startIndex, offsetBy: capital.count)] : []
        return (atStart + ranges(of: words)).filter { range in
            let before = range.lowerBound > startIndex ? self[index(before: range.lowerBound)] : " "
            let behind = range.upperBound < endIndex ? self[range.upperBound] : " "
            return !(before.isLetter || before.isNumber) && !(behind.isLetter || behind.isNumber)
        }
        .map { range in
            let last = self[..<range.upperBound].split(whereSeparator: \.isWhitespace).count
            return last - self[range].split(whereSeparator: \.isWhitespace).count..<last
        }
    }
}
