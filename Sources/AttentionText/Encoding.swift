/// Text in pieces: for each its id, its spelling, and where in the text it stands.
public struct Encoding: Sendable, Equatable {
    /// The ids of the pieces, special tokens included.
    public let ids: [Int]
    /// The piece for each id, as the vocabulary spells it; what the vocabulary does not spell, as the text does.
    public let pieces: [String]
    /// For each piece the Unicode scalars of the text that it stands for; `0..<0` for special tokens.
    public let offsets: [Range<Int>]
    /// For each piece the number of its segment among those that the pre-tokenizer makes; `nil` for special tokens.
    public let wordIDs: [Int?]
    /// For each piece the number of the text, 0 or 1, that it stems from; `nil` for special tokens.
    public let sequenceIDs: [Int?]
    /// For each piece its type, by which models tell a text from its pair.
    public let typeIDs: [Int]
    /// Whether each piece is a special token or padding that was put in, not found in the text.
    public let specialTokensMask: [Bool]
    /// Whether each piece may be attended to: it is not padding.
    public let attentionMask: [Bool]
    /// The windows beyond the first, where text was truncated.
    public let overflowing: [Encoding]
    /// For each piece its position in `wordTexts`; `nil` for special tokens, which stem from no word.
    public let words: [Int?]
    /// The words of the text, as white space parts them; without those of the pair.
    public let wordTexts: [String]

    /// An encoding of pieces whose place in a text is not known, such as a model generates them.
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
        offsets = Array(repeating: 0..<0, count: ids.count)
        wordIDs = Array(repeating: nil, count: ids.count)
        sequenceIDs = Array(repeating: nil, count: ids.count)
        typeIDs = Array(repeating: 0, count: ids.count)
        specialTokensMask = Array(repeating: false, count: ids.count)
        attentionMask = Array(repeating: true, count: ids.count)
        overflowing = []
    }

    /// The encoding of tokens.
    ///
    /// - Parameters:
    ///   - piece: how the vocabulary spells an id.
    ///   - words: the words of the text.
    ///   - isSpecial: whether an id stems from no word.
    init(_ tokens: TokenSequence, piece: (Int) -> String, words: TextWords, isSpecial: (Int) -> Bool) {
        let list = tokens.tokens
        ids = list.map { Int($0.id) }
        pieces = list.map { $0.text ?? piece(Int($0.id)) }
        offsets = list.map { Int($0.start)..<Int(max($0.start, $0.end)) }
        wordIDs = list.map { $0.wordID < 0 ? nil : Int($0.wordID) }
        sequenceIDs = list.map { $0.origin == .text ? 0 : $0.origin == .pair ? 1 : nil }
        typeIDs = list.map { Int($0.typeID) }
        specialTokensMask = list.map { $0.origin == .special || $0.origin == .padding }
        attentionMask = list.map { $0.origin != .padding }
        overflowing = tokens.overflowing.map { Encoding($0, piece: piece, words: words, isSpecial: isSpecial) }
        let positions = words.words(at: list.map(\.start))
        self.words = zip(list, positions).map { token, word in
            token.origin == .text && !(token.isAdded && isSpecial(Int(token.id))) ? word : nil
        }
        wordTexts = words.texts
    }
}
