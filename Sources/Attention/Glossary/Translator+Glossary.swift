import AttentionInspection
import AttentionModels
import AttentionText

extension Translator {
    /// Whether the model can spell all terms.
    /// - Throws: `GlossaryError.unspeakable` naming what it cannot.
    public func check(_ glossary: Glossary) throws(GlossaryError) {
        for term in glossary.terms {
            for (text, tokenizer, side) in [
                (term.source, model.reader, "source"), (term.target, model.writer, "target"),
            ] {
                let ids = tokenizer.encode(text, addingSpecialTokens: false, recognizingSpecialTokens: false).ids
                guard tokenizer.decode(ids) == text else { throw .unspeakable(text, language: side) }
            }
        }
    }

    /// The translation of a sentence in which every term of the glossary is said as it must be: where one is not, the words before it stay, one
    /// or two may change, the term follows, and the model goes on from there, by a search that may write nothing else.
    ///
    /// - Throws: `GlossaryError` if no translation has a term; what the search throws.
    /// - Complexity: a search for each term that the model says otherwise.
    func keeping(
        _ glossary: Glossary, in sentence: String, _ plain: Translation, _ options: TranslationOptions
    ) throws -> Translation {
        let words = TextWords(sentence).texts
        var rest = glossary.occurrences(in: words)
        var (current, kept) = (plain, 0)
        while true {
            rest = rest.filter { !current.text.hasWords($0.term.target) }
            guard !rest.isEmpty else { break }
            let places = try places(of: rest.map(\.words), in: current, of: sentence).map { max(kept, $0) }
            guard let place = places.min(), let index = places.firstIndex(of: place) else { break }
            let term = rest.remove(at: index).term
            let found = try search(sentence, from: current, place: place, kept: kept, term, options)
            guard let found, found.text.hasWords(term.target) else {
                throw GlossaryError.notWritten(term, sentence: sentence)
            }
            current = found
            current.guards.formUnion(plain.guards.union([.glossary]))
            kept = place + TextWords(term.target).texts.count
        }
        return current
    }

    /// Where in a translation the first word stands that was made of each of these; its end where none was.
    private func places(
        of words: [Range<Int>], in translation: Translation, of sentence: String
    ) throws -> [Int] {
        let end = max(0, TextWords(translation.text).texts.count - 1)
        guard model.model.attentionExtent.headCount > 0 else { return words.map { _ in end } }
        let matrix = try AttentionAligner(self).align([WordPair(sentence, translation.text)])[0].matrix
        return words.map { own in
            matrix?.weights.firstIndex { row in
                guard let greatest = row.max(), greatest > 0 else { return false }
                return row.firstIndex(of: greatest).map { own.contains($0) } ?? false
            } ?? end
        }
    }

    /// The best translation that goes on as it must.
    private func search(
        _ sentence: String, from translation: Translation, place: Int, kept: Int, _ term: Glossary.Term,
        _ options: TranslationOptions
    ) throws -> Translation? {
        let words = TextWords(translation.text).texts
        let first = words.prefix(max(kept, place - 1)).map { $0.escapedPattern + " +" }.joined()
        // Before the term an article or two, or one that lost its vowel; behind it whatever comes.
        let pattern = first + "([^ ]+ ){0,2}([^ ]*['’])?" + term.target.escapedPattern + "([^0-9A-Za-zÀ-ÿ].*)?"
        let language: TextLanguage
        let constraint: ConstrainedText
        do {
            language = try TextLanguage(regularExpression: pattern)
            constraint = try ConstrainedText(language, tokenizer: model.writer, endTokens: [model.form.end])
        } catch { throw GlossaryError.notWritten(term, sentence: sentence) }
        return try search([sentence], options, constraint: constraint)[0].first
    }
}

extension String {
    /// As a regular expression that matches nothing else.
    fileprivate var escapedPattern: String {
        reduce(into: "") { result, letter in
            if "\\.^$|?*+()[]{}-/".contains(letter) { result += "\\" }
            result.append(letter)
        }
    }
}
