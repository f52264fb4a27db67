import AttentionInspection

extension AlignmentMatrix {
    /// The alignment of a sentence and its translation in which the words of each term belong to what must be said for it, and nothing else does:
    /// what a model was made to write it need not have looked for.
    func pinned(by glossary: Glossary) throws(AlignmentError) -> AlignmentMatrix {
        let text = target.joined(separator: " ")
        var places: [String: ArraySlice<Range<Int>>] = [:]
        var pinned = weights
        for occurrence in glossary.occurrences(in: source) {
            let said = occurrence.term.target
            guard
                let place = places[
                    said, default: text.places(ofWords: said).sorted { $0.lowerBound < $1.lowerBound }[...]
                ].popFirst()
            else { continue }
            for row in pinned.indices {
                let isOwn = place.contains(row)
                if isOwn { pinned[row] = source.map { _ in 0 } }
                for column in occurrence.words { pinned[row][column] = isOwn ? 1 / Float(occurrence.words.count) : 0 }
            }
        }
        return try AlignmentMatrix(name: name, source: source, target: target, weights: pinned)
    }
}
