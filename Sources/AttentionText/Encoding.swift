/// Text in pieces, each with its id and its word.
public struct Encoding: Sendable, Equatable {
    /// The ids of the pieces, special tokens included.
    public let ids: [Int]
    /// The piece for each id, as the vocabulary spells it.
    public let pieces: [String]
    /// For each piece its position in `wordTexts`; `nil` for special tokens, which stem from no word.
    public let words: [Int?]
    /// The words of the text, as white space parts them.
    public let wordTexts: [String]

    /// An encoding of these parts.
    ///
    /// - Precondition: `ids`, `pieces` and `words` are equally many.
    public init(ids: [Int], pieces: [String], words: [Int?], wordTexts: [String]) {
        precondition(
            ids.count == pieces.count && ids.count == words.count,
            "encoding: expected as many pieces and words as the \(ids.count) ids, "
                + "found \(pieces.count) and \(words.count)")
        self.ids = ids
        self.pieces = pieces
        self.words = words
        self.wordTexts = wordTexts
    }
}
