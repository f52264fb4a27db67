import AttentionInspection
import AttentionTensors
import AttentionText

extension Translator {
    /// The best translation of one text.
    /// - Throws: what the search throws.
    public func translate(_ text: String) throws -> Translation {
        try translate([text], options: TranslationOptions())[0][0]
    }

    /// Translations of each text, best first.
    ///
    /// A text is translated sentence by sentence; white space, blank lines, indentation and the marks of lists stay as they were. A
    /// sentence that is too long is cut at clauses. The k-th translation of a text has the k-th best of each sentence.
    /// - Parameter progress: told how many of all sentences are done.
    /// - Throws: `TranslationError` if a text is too long that shall not be split.
    public func translate(
        _ texts: [String], options: TranslationOptions, progress: (Int, Int) -> Void = { _, _ in }
    ) throws -> [[Translation]] {
        let outlines = texts.map { outline(of: $0, options) }
        let sentences = outlines.flatMap { outline in outline.sentences.indices.map(outline.sentence) }
        // What is no language for this model is left alone.
        let readable = sentences.indices.filter { encoding(of: sentences[$0]).ids.count <= pieceLimit }
        if options.splitting == .none, readable.count < sentences.count {
            let counts = sentences.map { encoding(of: $0).ids.count }
            throw TranslationError.tooLong(pieces: counts.max() ?? 0, limit: pieceLimit)
        }
        var answers = sentences.map { sentence in
            var answer = Translation(source: sentence, text: sentence, logProbability: 0, score: 0, alignment: nil)
            answer.guards = [.untranslated]
            return [answer]
        }
        let found = try lookedOver(readable.map { sentences[$0] }, options) { progress($0, sentences.count) }
        for (position, translations) in zip(readable, try said(found, options)) { answers[position] = translations }
        var rest = answers[...]
        return zip(texts, outlines).map { text, outline in
            let own = Array(rest.prefix(outline.sentences.count))
            rest = rest.dropFirst(own.count)
            let count = max(1, own.map(\.count).max() ?? 1)
            return (0..<count).map { rank in
                Translation(of: text, outline, own.map { $0[min(rank, $0.count - 1)] })
            }
        }
    }

    /// The translations with what a glossary says in them, those that are the same then only once.
    private func said(_ answers: [[Translation]], _ options: TranslationOptions) throws -> [[Translation]] {
        guard let glossary = options.glossary else { return answers }
        let touched = answers.indices.filter { position in
            !glossary.occurrences(in: TextWords(answers[position][0].source).texts).isEmpty
        }
        guard !touched.isEmpty else { return answers }
        let search = GlossarySearch(glossary, self, options)
        let found = try each(touched.count) { place in
            var texts: Set<String> = []
            return try answers[touched[place]].map(search.said).filter { texts.insert($0.text).inserted }
        }
        var said = answers
        for (position, translations) in zip(touched, found) { said[position] = translations }
        return said
    }

    private func outline(of text: String, _ options: TranslationOptions) -> TextOutline {
        guard options.splitting == .sentences else { return TextOutline(unsplit: text) }
        let outline = TextOutline(of: text, splitter: SentenceSplitter(language: options.language))
        let clauses = ClauseSplitter(limit: comfortableLimit)
        return outline.cutting { sentence in
            // A word has at most a piece for each byte, so most sentences need not be counted.
            if sentence.utf8.count <= comfortableLimit || encoding(of: sentence).ids.count <= comfortableLimit {
                return [0..<sentence.unicodeScalars.count]
            }
            return clauses.parts(of: sentence) { encoding(of: $0).ids.count }
        }
    }

    /// Sentences of more pieces are cut: models have seen few that are longer.
    var comfortableLimit: Int { min(pieceLimit, 160) }
}

extension Translation {
    /// More words are too many to be looked at in one picture; each sentence has its own.
    private static let pictureLimit = 300

    private static func joined(_ maps: [AlignmentMap?]) -> AlignmentMap? {
        let present = maps.compactMap(\.self)
        guard present.count == maps.count,
            present.count == 1 || present.reduce(0, { $0 + $1.source.count }) <= pictureLimit
        else { return nil }
        return AlignmentMap.joined(present)
    }

    /// The translation of a text of which each sentence has been translated.
    fileprivate init(of text: String, _ outline: TextOutline, _ answers: [Translation]) {
        let rebuilt = outline.rebuilt(with: answers.map(\.text))
        self.init(
            source: text, text: rebuilt.text, logProbability: answers.reduce(0) { $0 + $1.logProbability },
            score: answers.reduce(0) { $0 + $1.score }, alignment: Self.joined(answers.map(\.alignment)))
        sentences = answers.indices.map { position in
            let answer = answers[position]
            return TranslatedSentence(
                source: answer.source, text: answer.text, sourceRange: outline.sentences[position],
                targetRange: rebuilt.sentences[position], logProbability: answer.logProbability, score: answer.score,
                alignment: answer.alignment, guards: answer.guards)
        }
        guards = answers.reduce(into: []) { $0.formUnion($1.guards) }
        if outline.isCut { guards.insert(.cut) }
    }
}
