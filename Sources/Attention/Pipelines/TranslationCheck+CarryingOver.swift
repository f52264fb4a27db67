import AttentionInspection
import AttentionText

extension TranslationCheck {
    /// The translation with what it has lost put where the model looked at it, in the place of the words the model made of it; where it
    /// looked at it with no word, behind the word made of what stands before it.
    func carriedOver(_ translation: Translation) -> Translation {
        let lost = lost(in: translation.text)
        guard !lost.isEmpty else { return translation }
        var draft = Draft(translation)
        for position in lost { draft.put(invariants[position], sourceWord: draft.sourceWord(of: invariants[position])) }
        var result = Translation(
            source: translation.source, text: draft.text, logProbability: translation.logProbability,
            score: translation.score, alignment: draft.map(of: translation))
        result.guards = translation.guards.union([.carriedOver])
        return result
    }
}

/// A translation word by word while things are put into it.
private struct Draft {
    /// A word, the row of the alignment it came with, and the source word it stands for if it was put in.
    private struct Word {
        var text: String
        var row: Int?
        var source: Int?
    }

    private var words: [Word]
    /// For each row of the alignment the source word that was looked at most.
    private let sourceOfRow: [Int]
    private let sourceText: [Unicode.Scalar]

    init(_ translation: Translation) {
        words = translation.text.split(separator: " ").enumerated().map { Word(text: String($1), row: $0) }
        sourceOfRow = (translation.alignment?.chosenMatrix.weights ?? []).map { row in
            row.indices.max { row[$0] < row[$1] } ?? -1
        }
        sourceText = Array(TextCleaner.clean(translation.source).unicodeScalars)
    }

    var text: String { words.map(\.text).joined(separator: " ") }

    /// The position of the word in which an invariant begins.
    func sourceWord(of invariant: Invariant) -> Int { sourceText[..<invariant.range.lowerBound].count { $0 == " " } }

    private func source(of word: Word) -> Int? {
        word.source ?? word.row.flatMap { sourceOfRow.indices.contains($0) ? sourceOfRow[$0] : nil }
    }

    mutating func put(_ invariant: Invariant, sourceWord: Int) {
        let isWholeWord = isWholeWord(invariant)
        let places = words.indices.filter { words[$0].source == nil && source(of: words[$0]) == sourceWord }
        if isWholeWord, let first = places.first {
            let run = places.enumerated().prefix { $0.element == first + $0.offset }
            let last = first + run.count - 1
            let ending = String(words[last].text.reversed().prefix { ".,;:!?".contains($0) }.reversed())
            words.replaceSubrange(
                first...last, with: [Word(text: invariant.text + ending, row: nil, source: sourceWord)])
            return
        }
        let before = words.indices.last { index in source(of: words[index]).map { $0 < sourceWord } ?? false }
        var place = before.map { $0 + 1 } ?? (sourceWord == 0 ? 0 : words.count)
        // Not behind the mark that ends the sentence, unless it was there.
        if place == words.count, let last = words.last, last.text.allSatisfy({ ".!?".contains($0) }), !isLast(invariant)
        {
            place -= 1
        }
        words.insert(Word(text: invariant.text, row: nil, source: sourceWord), at: place)
    }

    /// Whether white space or marks are all that stands around it in the source.
    private func isWholeWord(_ invariant: Invariant) -> Bool {
        let start = invariant.range.lowerBound
        let end = invariant.range.upperBound
        let isFreeBefore = start == 0 || sourceText[start - 1] == " "
        return isFreeBefore
            && (end == sourceText.count || sourceText[end] == " " || ".,;:!?".unicodeScalars.contains(sourceText[end]))
    }

    private func isLast(_ invariant: Invariant) -> Bool { invariant.range.upperBound == sourceText.count }

    /// The alignment of the words as they are now.
    func map(of translation: Translation) -> AlignmentMap? {
        guard let map = translation.alignment else { return nil }
        return map.retargeted(
            words.map { word in
                if let row = word.row, map.target.indices.contains(row) { return (word.text, .kept(row)) }
                return (word.text, .pointing(word.source ?? -1))
            })
    }
}
