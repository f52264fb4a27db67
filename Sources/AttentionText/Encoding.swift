/// Text in pieces: for each its id, its spelling, and where in the text it stands.
///
/// The ids are kept; everything else is told from the tokens when it is asked for, in O(n), so that nobody pays for what nobody reads.
public struct Encoding: Sendable {
    /// The ids of the pieces, special tokens included.
    public let ids: [Int]
    /// The windows beyond the first, where text was truncated.
    public let overflowing: [Encoding]
    private let source: Source

    private enum Source: Sendable {
        case encoded(EncodedText)
        /// Pieces whose place in a text is not known.
        case spelt(pieces: [String], words: [Int?], wordTexts: [String])
    }

    /// An encoding of pieces whose place in a text is not known, such as a model generates them.
    ///
    /// - Precondition: `ids`, `pieces` and `words` are equally many.
    public init(ids: [Int], pieces: [String], words: [Int?], wordTexts: [String]) {
        precondition(
            ids.count == pieces.count && ids.count == words.count,
            "encoding: expected as many pieces and words as the \(ids.count) ids, "
                + "found \(pieces.count) and \(words.count)")
        self.ids = ids
        source = .spelt(pieces: pieces, words: words, wordTexts: wordTexts)
        overflowing = []
    }

    /// The encoding of tokens.
    init(_ sequence: TokenSequence, _ origin: EncodedText.Origin) {
        ids = sequence.tokens.map { Int($0.id) }
        source = .encoded(EncodedText(tokens: sequence.tokens, origin: origin))
        overflowing = sequence.overflowing.isEmpty ? [] : sequence.overflowing.map { Encoding($0, origin) }
    }

    private init(_ ids: [Int], _ source: Source) { (self.ids, self.source, overflowing) = (ids, source, []) }

    /// The same pieces without those at some places; windows beyond the first are not kept.
    ///
    /// - Precondition: there are pieces at the places.
    public func removing(_ places: Range<Int>) -> Encoding {
        func rest<Value>(_ values: [Value]) -> [Value] {
            Array(values[..<places.lowerBound] + values[places.upperBound...])
        }
        switch source {
        case .encoded(let text):
            return Encoding(rest(ids), .encoded(EncodedText(tokens: rest(text.tokens), origin: text.origin)))
        case .spelt(let pieces, let words, let wordTexts):
            return Encoding(ids: rest(ids), pieces: rest(pieces), words: rest(words), wordTexts: wordTexts)
        }
    }

    /// What `tell` tells of each token, or `unknown` of each piece whose place is not known.
    private func map<Value>(unknown: Value, _ tell: (Token) -> Value) -> [Value] {
        switch source {
        case .encoded(let text): text.tokens.map(tell)
        case .spelt: Array(repeating: unknown, count: ids.count)
        }
    }

    /// The piece for each id, as the vocabulary spells it; what the vocabulary does not spell, as the text does.
    public var pieces: [String] {
        switch source {
        case .encoded(let text): text.pieces
        case .spelt(let pieces, _, _): pieces
        }
    }

    /// For each piece the Unicode scalars of the text that it stands for; `0..<0` for special tokens.
    public var offsets: [Range<Int>] { map(unknown: 0..<0) { Int($0.start)..<Int(max($0.start, $0.end)) } }

    /// For each piece the number of its segment among those that the pre-tokenizer makes; `nil` for special tokens.
    public var wordIDs: [Int?] { map(unknown: nil) { $0.wordID < 0 ? nil : Int($0.wordID) } }

    /// For each piece the number of the text, 0 or 1, that it stems from; `nil` for special tokens.
    public var sequenceIDs: [Int?] { map(unknown: nil) { $0.origin == .text ? 0 : $0.origin == .pair ? 1 : nil } }

    /// For each piece its type, by which models tell a text from its pair.
    public var typeIDs: [Int] { map(unknown: 0) { Int($0.typeID) } }

    /// Whether each piece is a special token or padding that was put in, not found in the text.
    public var specialTokensMask: [Bool] { map(unknown: false) { $0.origin == .special || $0.origin == .padding } }

    /// Whether each piece may be attended to: it is not padding.
    public var attentionMask: [Bool] { map(unknown: true) { $0.origin != .padding } }

    /// For each piece its position in `wordTexts`; `nil` for special tokens, which stem from no word.
    public var words: [Int?] {
        switch source {
        case .encoded(let text): text.words
        case .spelt(_, let words, _): words
        }
    }

    /// The words of the text, as white space parts them; without those of the pair.
    public var wordTexts: [String] {
        switch source {
        case .encoded(let text): TextWords(text.origin.text).texts
        case .spelt(_, _, let wordTexts): wordTexts
        }
    }
}

extension Encoding: Equatable {
    /// Whether both tell the same of their pieces.
    public static func == (first: Encoding, second: Encoding) -> Bool {
        first.ids == second.ids && first.pieces == second.pieces && first.offsets == second.offsets
            && first.wordIDs == second.wordIDs && first.sequenceIDs == second.sequenceIDs
            && first.typeIDs == second.typeIDs && first.specialTokensMask == second.specialTokensMask
            && first.attentionMask == second.attentionMask && first.words == second.words
            && first.wordTexts == second.wordTexts && first.overflowing == second.overflowing
    }
}
