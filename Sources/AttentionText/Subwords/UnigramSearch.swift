/// The search for the best cut of a text into pieces: the one whose scores add up highest.
///
/// `Score` is what sums are kept in: the reference tokenizer keeps 64 bits, SentencePiece 32, which decides between cuts
/// that are almost alike. Source: Kudo, Subword Regularization (2018), section 3.2; Viterbi's dynamic program.
struct UnigramSearch<Score: BinaryFloatingPoint & Sendable>: Sendable {
    /// A piece of the best cut; `id` is `nil` for a character that is no piece.
    struct Step {
        let id: Int?
        let start: Int
        let end: Int
    }

    private let finder: PieceFinder
    /// The score of each id; −∞ for those that never occur.
    private let scores: [Score]
    private let unknownScore: Score

    /// - Parameters:
    ///   - pieces: the pieces, numbered by their scores.
    ///   - scores: the score of each id; −∞ for those that never occur.
    ///   - unknownScore: the score of a character that is no piece.
    init(_ pieces: Vocabulary, scores: [Score], unknownScore: Score) {
        (finder, self.scores, self.unknownScore) = (PieceFinder(pieces), scores, unknownScore)
    }

    /// The pieces of the best cut of `segment`. Complexity: O(length × longest piece).
    func bestCut(of segment: [UInt8]) -> [Step] {
        let count = segment.count
        var starts = [Int32](repeating: -1, count: count + 1)
        var ids = [Int32](repeating: -1, count: count + 1)
        var best = [Score](repeating: 0, count: count + 1)
        var start = 0
        while start < count {
            let scoreSoFar = best[start]
            var characterEnd = start + 1
            while characterEnd < count, UTF8.isContinuation(segment[characterEnd]) { characterEnd += 1 }
            func offer(_ id: Int32, _ score: Score, to end: Int) {
                let sum = score + scoreSoFar
                guard starts[end] < 0 || sum > best[end] else { return }
                (starts[end], ids[end], best[end]) = (Int32(truncatingIfNeeded: start), id, sum)
            }
            var characterIsPiece = false
            finder.forEachPrefix(of: segment, from: start) { id, length in
                guard scores[id] > -.infinity else { return }
                offer(Int32(truncatingIfNeeded: id), scores[id], to: start + length)
                if start + length == characterEnd { characterIsPiece = true }
            }
            if !characterIsPiece { offer(-1, unknownScore, to: characterEnd) }
            start = characterEnd
        }
        var path: [Step] = []
        var end = count
        while end > 0, starts[end] >= 0 {
            let start = Int(starts[end])
            path.append(Step(id: ids[end] < 0 ? nil : Int(ids[end]), start: start, end: end))
            end = start
        }
        return path.reversed()
    }
}
