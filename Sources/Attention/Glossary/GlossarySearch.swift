import AttentionDecoding
import AttentionInspection
import AttentionText

/// Says the terms of a glossary where a translator has said them otherwise.
struct GlossarySearch {
    private let translator: Translator
    private let glossary: Glossary
    private let options: TranslationOptions
    /// The tokens that would make the word before them longer.
    private let continuations: Set<Int>

    /// - Complexity: O(vocabulary).
    init(_ glossary: Glossary, _ translator: Translator, _ options: TranslationOptions) {
        (self.glossary, self.translator, self.options) = (glossary, translator, options)
        continuations = translator.model.writer.wordContinuations
    }

    /// The translation of a sentence in which every term of the glossary is said as it must be, from the first to the last: where one is not, the
    /// words before it stay, all but perhaps the last, which may become another; the term follows, and the model goes on from there.
    ///
    /// - Throws: `GlossaryError` if no translation has a term; what the search throws.
    /// - Complexity: six searches for each term that the model says otherwise.
    func said(in plain: Translation) throws -> Translation {
        let sentence = plain.source
        let occurrences = glossary.occurrences(in: TextWords(sentence).texts)
        var draft = GlossaryDraft(plain, keptCount: 0)
        for _ in occurrences {
            let unsaid = draft.unsaid(occurrences)
            let places = try places(of: unsaid.map(\.words), in: draft.translation)
            let open = zip(unsaid, places).filter { !draft.says($0.term, at: $1) }
            guard let next = open.min(by: { $0.1 < $1.1 }) else { break }
            draft = try said(next.0.term, at: max(draft.keptCount, next.1), in: draft)
        }
        if let lost = occurrences.first(where: { draft.translation.text.places(ofWords: $0.term.target).isEmpty }) {
            throw GlossaryError.notWritten(lost.term, sentence: sentence)
        }
        guard draft.keptCount > 0 else { return plain }
        draft.translation.guards.formUnion(plain.guards.union([.glossary]))
        if options.isGuarded,
            !TranslationCheck(of: TextCleaner.clean(sentence)).faults(in: draft.translation.text).isNone
        {
            draft.translation.guards.insert(.doubtful)
        }
        return draft.translation
    }

    /// Where in a translation the first word stands that was made of each of these; where none was, the word that has most of them.
    private func places(of words: [Range<Int>], in translation: Translation) throws -> [Int] {
        let end = max(0, TextWords(translation.text).texts.count - 1)
        guard translator.model.model.attentionExtent.headCount > 0, !translation.text.isEmpty else {
            return words.map { _ in end }
        }
        // Which heads lead back most surely, one pair cannot tell; it takes the head that training found.
        let aligner = AttentionAligner(translator, heads: translator.model.alignment == nil ? .automatic : .chosen)
        let pair = WordPair(translation.source, translation.text)
        guard let rows = try aligner.align([pair])[0].matrix?.weights else { return words.map { _ in end } }
        return words.map { own in
            let shares = rows.map { $0[own].reduce(0, +) }
            let first = rows.firstIndex { row in
                row.max().map { $0 > 0 && own.contains(row.firstIndex(of: $0) ?? -1) } ?? false
            }
            return first ?? shares.indices.max { shares[$0] < shares[$1] } ?? end
        }
    }

    /// The best translation that says a term at this place.
    private func said(
        _ term: Glossary.Term, at place: Int, in draft: GlossaryDraft
    ) throws -> GlossaryDraft {
        let source = draft.translation.source
        let check = TranslationCheck(of: TextCleaner.clean(source))
        var options = self.options
        options.beamSize = options.beamSize ?? max(5, translator.model.search.beamSize)
        options.hypothesisCount = options.beamSize ?? 1
        let found = try heads(of: term, at: place, in: draft).flatMap { head in
            try translator.search(
                [source], options,
                constraint: TranslationConstraint(PrefixConstraint([ids(of: head)], notFollowedBy: continuations)))[0]
                .filter { $0.text.hasPrefix(head) && !$0.text.places(ofWords: term.target).isEmpty }
                .map { (translation: $0, keptCount: TextWords(head).texts.count) }
        }
        let best = found.min {
            let (first, second) = (check.faults(in: $0.translation.text), check.faults(in: $1.translation.text))
            return first == second ? $0.translation.score > $1.translation.score : first < second
        }
        guard let best else { throw GlossaryError.notWritten(term, sentence: source) }
        return GlossaryDraft(best.translation, keptCount: best.keptCount)
    }

    /// So many ways to lead to a term are followed to the end.
    private static let headLimit = 4

    /// The likeliest beginnings of a translation that end with a term: behind the words before its place, behind all but the last of them, or
    /// with another word for that, as the model would go on.
    private func heads(
        of term: Glossary.Term, at place: Int, in draft: GlossaryDraft
    ) throws -> [String] {
        let source = draft.translation.source
        let stem = draft.beginning(of: max(draft.keptCount, place - 1))
        var options = self.options
        (options.aligns, options.beamSize, options.hypothesisCount) = (false, 12, 12)
        let stemIDs = ids(of: stem)
        let nextWords = try translator.search(
            [source], options,
            constraint: TranslationConstraint(
                PrefixConstraint([stemIDs]), stop: WrittenLength(count: stemIDs.count + 1)))[0]
            .map(\.text).filter { $0.hasPrefix(stem) && $0 != stem }
        let leads = [draft.beginning(of: place), stem] + nextWords
        // An article may lose its vowel before the term.
        let heads = leads.map { draft.joined($0, term.target) } + nextWords.map { $0 + "'" + term.target }
        let constraint = PrefixConstraint(Set(heads.map(ids)).sorted { $0.lexicographicallyPrecedes($1) })
        (options.beamSize, options.hypothesisCount) = (constraint.beginnings.count, constraint.beginnings.count)
        let found = try translator.search(
            [source], options, constraint: TranslationConstraint(constraint, stop: constraint))[0]
        return found.map(\.text).filter { !$0.places(ofWords: term.target).isEmpty }.prefix(Self.headLimit).map(\.self)
    }

    /// A text as the model writes it.
    private func ids(of text: String) -> [Int] {
        translator.model.writer.encode(text, addingSpecialTokens: false, recognizingSpecialTokens: false).ids
    }
}

/// A translation of which the first words stay.
private struct GlossaryDraft {
    var translation: Translation
    let keptCount: Int
    private let words: [String]

    init(_ translation: Translation, keptCount: Int) {
        (self.translation, self.keptCount) = (translation, keptCount)
        words = TextWords(translation.text).texts
    }

    /// The first words.
    func beginning(of count: Int) -> String { words.prefix(count).joined(separator: " ") }

    /// A beginning and a term, which has a capital letter if the translation begins with it and with one.
    func joined(_ beginning: String, _ term: String) -> String {
        guard beginning.isEmpty else { return beginning + " " + term }
        let isCapital = words.first?.first?.isUppercase ?? true
        return isCapital ? term.capitalizedAtStart : term
    }

    /// The terms that are said more seldom than they must be.
    func unsaid(_ occurrences: [Glossary.Occurrence]) -> [Glossary.Occurrence] {
        let needed = Dictionary(occurrences.map { ($0.term.target, 1) }, uniquingKeysWith: +)
        return occurrences.filter { occurrence in
            let target = occurrence.term.target
            return translation.text.places(ofWords: target).count < needed[target, default: 0]
        }
    }

    /// Whether a term stands at a place.
    func says(_ term: Glossary.Term, at place: Int) -> Bool {
        translation.text.places(ofWords: term.target).contains { $0.contains(place) }
    }
}

/// Ends what has so many tokens.
private struct WrittenLength: StoppingRule {
    let count: Int

    func stops(behind tokens: [Int]) -> Bool { tokens.count >= count }
}

extension Tokenizer {
    /// The tokens that add a letter or a digit to the word before them.
    fileprivate var wordContinuations: Set<Int> {
        Set(
            addedBytes(isFirst: false).enumerated().lazy.filter { _, bytes in
                bytes.flatMap { String(decoding: $0, as: UTF8.self).first }.map { $0.isLetter || $0.isNumber } ?? false
            }
            .map(\.offset))
    }
}
