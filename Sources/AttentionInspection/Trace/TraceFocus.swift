/// Which words a picture is about.
public struct TraceFocus: Sendable, Hashable {
    /// The word that looks; nil for all.
    public var word: String?
    /// The word that is looked at; nil for all.
    public var target: String?
    /// The places that look, counted from 0, each a panel of an overlay; nil for all.
    public var rows: [Int]?

    /// All words, unless some are named.
    public init(word: String? = nil, target: String? = nil, rows: [Int]? = nil) {
        (self.word, self.target, self.rows) = (word, target, rows)
    }
}

extension AlignmentMap {
    /// Where the word of a focus looks, its rows, and where what it is asked about stands, its columns.
    ///
    /// - Throws: `TraceError.noWord` if a word is not among those that are shown.
    func places(of focus: TraceFocus) throws(TraceError) -> (rows: [Int], columns: [Int]) {
        (try Self.places(of: focus.word, in: target), try Self.places(of: focus.target, in: source))
    }

    private static func places(of word: String?, in labels: [String]) throws(TraceError) -> [Int] {
        guard let word else { return Array(labels.indices) }
        let places = labels.places(ofLabel: word)
        guard !places.isEmpty else { throw .noWord(word, known: labels) }
        return places
    }

    /// How much of its attention each head gives from some rows to some columns: the sum over the columns, the mean over the rows.
    func shares(from rows: [Int], to columns: [Int]) -> [[Double]] {
        weights.map { heads in
            heads.map { weights in
                rows.reduce(0) { sum, row in sum + columns.reduce(0) { $0 + Double(weights[row][$1]) } }
                    / Double(max(1, rows.count))
            }
        }
    }

    /// The same heads, with nothing in all other rows.
    func keeping(rows: [Int]) -> AlignmentMap {
        let kept = Set(rows)
        let none = [Float](repeating: 0, count: source.count)
        return AlignmentMap(
            unchecked: name, source: source, target: target,
            weights: weights.map { $0.map { $0.enumerated().map { kept.contains($0.offset) ? $0.element : none } } },
            layerNames: layerNames, headNames: headNames, chosen: chosen)
    }
}
