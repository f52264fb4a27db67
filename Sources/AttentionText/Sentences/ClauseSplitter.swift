/// Cuts a sentence that is too long for a model: at the end of a clause if there is one in the second half of what fits, else between
/// two words.
public struct ClauseSplitter: Sendable {
    /// The most that a part may cost.
    public let limit: Int

    /// A splitter into parts of at most this cost.
    public init(limit: Int) { self.limit = limit }

    /// The parts in order, as ranges of the sentence's Unicode scalars, with the white space between them left out. A word that costs more
    /// than the limit alone is a part of its own.
    ///
    /// - Parameter cost: what a word costs; asked once for each.
    /// - Complexity: linear.
    public func parts(of sentence: String, cost: (String) -> Int) -> [Range<Int>] {
        let text = Array(sentence.unicodeScalars)
        let words = text.split(whereSeparator: \.isWhiteSpace)
        let costs = words.map { cost(Array($0).string) }
        var parts: [Range<Int>] = []
        var first = 0
        while first < words.count {
            let last = end(of: words, costs, from: first)
            parts.append(words[first].startIndex..<words[last - 1].endIndex)
            first = last
        }
        return parts
    }

    /// Where the part that begins with the word `first` ends.
    private func end(of words: [ArraySlice<Unicode.Scalar>], _ costs: [Int], from first: Int) -> Int {
        var sum = 0
        var best = (strength: -1, end: first + 1)
        for index in first..<words.count {
            sum += costs[index]
            guard sum <= limit else { return best.end }
            if index + 1 == words.count { return words.count }
            let strength = 2 * sum < limit ? -1 : Self.strength(words[index], words[index + 1])
            if strength >= best.strength { best = (strength, index + 1) }
        }
        return words.count
    }

    /// How good a place between two words is for a cut.
    private static func strength(_ word: ArraySlice<Unicode.Scalar>, _ next: ArraySlice<Unicode.Scalar>) -> Int {
        switch word.last {
        case ";", ":", "\u{2014}", "\u{2013}", "\u{2026}": return 3
        case _ where word.last?.isTerminator == true: return 3
        case ",", ")": return 2
        default: return conjunctions.contains(Array(next).string.lowercased()) ? 1 : 0
        }
    }

    private static let conjunctions: Set = [
        "and", "or", "but", "which", "who", "that", "because", "while", "when", "if", "although", "so", "et", "ou",
        "mais", "qui", "que",
        "parce", "quand", "si", "und", "oder", "aber", "weil", "wenn", "dass", "y", "o", "pero", "porque", "cuando",
        "–", "—", "-",
    ]
}
