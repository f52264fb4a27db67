import AttentionInspection
import AttentionText

extension Translator {
    /// Translations of each sentence, best first, looked over: if the best has lost what must come through, runs in circles or has an absurd
    /// length, the others of the beam are looked at; if those have lost something too, it is shielded by placeholders; and if the model
    /// drops even these, it is carried over to where the model looked at it.
    /// - Complexity: a sentence without faults is searched once, others up to three times.
    func lookedOver(_ sentences: [String], _ options: TranslationOptions, progress: (Int) -> Void) throws
        -> [[Translation]]
    {
        var answers = try search(sentences, options, progress: progress)
        guard options.isGuarded else { return answers }
        let checks = sentences.map { TranslationCheck(of: TextCleaner.clean($0)) }
        let faulty = sentences.indices.filter { !checks[$0].faults(in: answers[$0][0].text).isNone }
        guard !faulty.isEmpty else { return answers }

        var wide = options
        wide.beamSize = options.beamSize ?? max(5, model.search.beamSize)
        wide.hypothesisCount = wide.beamSize ?? 1
        wide.aligns = options.aligns || faulty.contains { !checks[$0].invariants.isEmpty }
        for (position, found) in zip(faulty, try search(faulty.map { sentences[$0] }, wide)) {
            answers[position] = checks[position].ranked(found, keeping: answers[position][0].text)
        }
        let shields = faulty.filter { !checks[$0].lost(in: answers[$0][0].text).isEmpty }
            .map { (position: $0, shield: Shield(sentences[$0], checks[$0].invariants)) }
            .filter { encoding(of: $0.shield.shielded).ids.count <= pieceLimit }
        for (index, found) in try search(shields.map(\.shield.shielded), wide).enumerated() {
            let (position, shield) = shields[index]
            let restored = found.map { shield.restored($0, source: sentences[position]) }
            let best = checks[position].ranked(restored, keeping: nil)
            if checks[position].faults(in: best[0].text) < checks[position].faults(in: answers[position][0].text) {
                answers[position] = best
            }
        }
        for position in faulty {
            answers[position] = answers[position].prefix(options.hypothesisCount).map { answer in
                var answer = checks[position].carriedOver(answer)
                if !checks[position].faults(in: answer.text).isNone { answer.guards.insert(.doubtful) }
                if !options.aligns { answer.alignment = nil }
                return answer
            }
        }
        return answers
    }
}

extension TranslationCheck {
    /// Those with the fewest faults first; of equals in the order they came.
    fileprivate func ranked(_ translations: [Translation], keeping best: String?) -> [Translation] {
        let weighed: [(faults: Faults, rank: Int)] = translations.enumerated().map { rank, translation in
            (faults(in: translation.text), rank)
        }
        let order = weighed.sorted { first, second in
            first.faults == second.faults ? first.rank < second.rank : first.faults < second.faults
        }
        var ranked = order.map { translations[$0.rank] }
        if let best, ranked[0].text != best { ranked[0].guards.insert(.reranked) }
        return ranked
    }
}

/// A sentence in which what must not be translated stands behind placeholders, which models that know any copy best.
struct Shield {
    /// The sentence for the model.
    let shielded: String
    private let invariants: [Invariant]
    private let placeholders: [String]

    init(_ sentence: String, _ invariants: [Invariant]) {
        let text = TextCleaner.clean(sentence)
        let free = (1...).lazy.map { "{\($0)}" }.filter { !text.contains($0) }
        placeholders = Array(free.prefix(invariants.count))
        self.invariants = invariants
        var result = String.UnicodeScalarView()
        let scalars = Array(text.unicodeScalars)
        var done = 0
        for (invariant, placeholder) in zip(invariants, placeholders) {
            result.append(contentsOf: scalars[done..<invariant.range.lowerBound])
            result.append(contentsOf: placeholder.unicodeScalars)
            done = invariant.range.upperBound
        }
        result.append(contentsOf: scalars[done...])
        shielded = String(result)
    }

    /// The translation with everything back in its place.
    func restored(_ translation: Translation, source: String) -> Translation {
        var result = Translation(
            source: source, text: restored(translation.text), logProbability: translation.logProbability,
            score: translation.score, alignment: translation.alignment.map(restored))
        result.guards = translation.guards.union([.shielded])
        return result
    }

    private func restored(_ text: String) -> String {
        // The last first: {1} is not the beginning of {12}, but what is put back could look like a placeholder.
        var result = text
        var pieces: [(Range<String.Index>, String)] = []
        for (invariant, placeholder) in zip(invariants, placeholders) {
            if let range = text.firstRange(of: placeholder) { pieces.append((range, invariant.text)) }
        }
        for (range, original) in pieces.sorted(by: { $0.0.lowerBound > $1.0.lowerBound }) {
            result.replaceSubrange(range, with: original)
        }
        return result
    }

    private func restored(_ map: AlignmentMap) -> AlignmentMap {
        map.relabelled(source: map.source.map(restored), target: map.target.map(restored))
    }
}
