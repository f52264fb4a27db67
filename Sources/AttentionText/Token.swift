/// A piece of an encoded text.
struct Token: Sendable, Equatable {
    /// Where a token comes from.
    enum Origin: UInt8, Sendable {
        case text, pair, special, padding
    }

    let id: Int32
    /// The scalars of the text that it stands for.
    let start: Int32
    let end: Int32
    /// The number of its segment, −1 if it has none.
    let wordID: Int32
    let typeID: Int32
    let origin: Origin
    /// Whether it is an added token, found in the text.
    let isAdded: Bool
    /// The spelling, where it is not that of the vocabulary.
    let text: String?
    /// How many spaces, or what stands for them in byte-level vocabularies, the spelling begins and ends with.
    let leadingSpaces: Int32
    let trailingSpaces: Int32

    init(
        id: Int, start: Int32 = 0, end: Int32 = 0, wordID: Int = -1, typeID: Int = 0, origin: Origin,
        isAdded: Bool = false, text: String? = nil, leadingSpaces: Int32 = 0, trailingSpaces: Int32 = 0
    ) {
        self.id = Int32(truncatingIfNeeded: id)
        self.start = start
        self.end = end
        self.wordID = Int32(truncatingIfNeeded: wordID)
        self.typeID = Int32(truncatingIfNeeded: typeID)
        self.origin = origin
        self.isAdded = isAdded
        self.text = text
        self.leadingSpaces = leadingSpaces
        self.trailingSpaces = trailingSpaces
    }

    /// This token further on in the text, or in its pair.
    func moved(by offset: Int32, words: Int32, from origin: Origin) -> Token {
        Token(
            id: Int(id), start: start + offset, end: end + offset, wordID: Int(wordID + words),
            typeID: origin == .pair ? 1 : 0, origin: origin, isAdded: isAdded, text: text,
            leadingSpaces: leadingSpaces, trailingSpaces: trailingSpaces)
    }

    /// This token with another id, at another place, or of another type.
    func with(id: Int? = nil, start: Int32? = nil, end: Int32? = nil, typeID: Int? = nil) -> Token {
        Token(
            id: id ?? Int(self.id), start: start ?? self.start, end: end ?? self.end, wordID: Int(wordID),
            typeID: typeID ?? Int(self.typeID), origin: origin, isAdded: isAdded, text: text,
            leadingSpaces: leadingSpaces, trailingSpaces: trailingSpaces)
    }
}

/// The tokens of a text, and the windows beyond them where it was truncated.
package struct TokenSequence: Sendable, Equatable {
    var tokens: [Token]
    var overflowing: [TokenSequence] = []

    init(_ tokens: [Token]) { self.tokens = tokens }

    /// The tokens of a text of which no more than the ids is known.
    package init(ids: [Int]) { tokens = ids.map { Token(id: $0, origin: .text) } }

    package var ids: [Int] { tokens.map { Int($0.id) } }

    /// This text followed by `other`; every window of one meets every window of the other.
    func followed(by other: TokenSequence) -> TokenSequence {
        var result = TokenSequence(tokens + other.tokens)
        for window in overflowing {
            result.overflowing.append(window.followed(by: other))
            result.overflowing += other.overflowing.map(window.followed)
        }
        result.overflowing += other.overflowing.map { TokenSequence(tokens).followed(by: $0) }
        return result
    }

    /// The same windows with other tokens.
    func mapTokens(_ transform: ([Token]) -> [Token]) -> TokenSequence {
        var result = TokenSequence(transform(tokens))
        result.overflowing = overflowing.map { $0.mapTokens(transform) }
        return result
    }
}
