public import AttentionInspection
import AttentionText

/// Says which words of a sentence and its translation belong together.
public protocol WordAligner: Sendable {
    /// The links of each pair, in order.
    /// - Throws: what is wrong with a pair, or with the model.
    func align(_ pairs: [WordPair]) throws -> [WordAlignment]
}

/// A sentence and its translation, in words as white space parts them.
public struct WordPair: Sendable, Hashable {
    /// The words of the sentence.
    public let source: [String]
    /// The words of its translation.
    public let target: [String]

    /// The words of two texts.
    public init(_ source: String, _ target: String) {
        (self.source, self.target) = (TextWords(source).texts, TextWords(target).texts)
    }
}

/// Which words belong together, and how much if that is known.
public struct WordAlignment: Sendable, Equatable {
    /// The links, words counted from 0.
    public let links: HardAlignment
    /// How much of each target word belongs to each source word; nil where only links are known.
    public let matrix: AlignmentMatrix?

    /// These links.
    public init(links: HardAlignment, matrix: AlignmentMatrix? = nil) { (self.links, self.matrix) = (links, matrix) }
}

/// Links each target word with the source word at the same share of the sentence: what any other way must be better than.
public struct DiagonalAligner: WordAligner {
    /// There is nothing to choose.
    public init() {}

    public func align(_ pairs: [WordPair]) -> [WordAlignment] {
        pairs.map { pair in
            let (rows, columns) = (pair.target.count, pair.source.count)
            guard columns > 0 else { return WordAlignment(links: HardAlignment([])) }
            return WordAlignment(
                links: HardAlignment(
                    (0..<rows).map { row in
                        Link(source: min(columns - 1, (2 * row + 1) * columns / (2 * rows)), target: row)
                    }))
        }
    }
}
