/// A piece of an encoded text. Plain numbers: arrays of tokens are copied as bytes.
struct Token: Sendable, Equatable, BitwiseCopyable {
    /// Where a token comes from.
    enum Origin: UInt8, Sendable, BitwiseCopyable {
        case text, pair, special, padding
    }

    var id: Int32
    /// The scalars of the text that it stands for.
    var start: Int32
    var end: Int32
    /// The number of its segment, −1 if it has none.
    var wordID: Int32
    var typeID: Int32
    var origin: Origin
    /// Whether it is an added token, found in the text.
    let isAdded: Bool
    /// The number of its spelling among those that go with its text, where it is not that of the vocabulary; −1 where it is.
    var spelling: Int32
    /// How many spaces, or what stands for them in byte-level vocabularies, the spelling begins and ends with.
    let leadingSpaces: Int32
    let trailingSpaces: Int32

    init(
        id: Int, start: Int32 = 0, end: Int32 = 0, wordID: Int = -1, typeID: Int = 0, origin: Origin,
        isAdded: Bool = false, spelling: Int = -1, leadingSpaces: Int32 = 0, trailingSpaces: Int32 = 0
    ) {
        self.id = Int32(truncatingIfNeeded: id)
        self.start = start
        self.end = end
        self.wordID = Int32(truncatingIfNeeded: wordID)
        self.typeID = Int32(truncatingIfNeeded: typeID)
        self.origin = origin
        self.isAdded = isAdded
        self.spelling = Int32(truncatingIfNeeded: spelling)
        self.leadingSpaces = leadingSpaces
        self.trailingSpaces = trailingSpaces
    }

    /// This token further on in the text, or in its pair.
    @inline(__always)
    func moved(by offset: Int32, words: Int32, from origin: Origin) -> Token {
        var token = self
        token.start += offset
        token.end += offset
        token.wordID += words
        token.typeID = origin == .pair ? 1 : 0
        token.origin = origin
        return token
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
    mutating func append(_ other: TokenSequence) {
        guard !overflowing.isEmpty || !other.overflowing.isEmpty else { return tokens.append(contentsOf: other.tokens) }
        var windows: [TokenSequence] = []
        for window in overflowing {
            windows += [window.followed(by: other)] + other.overflowing.map(window.followed)
        }
        windows += other.overflowing.map { TokenSequence(tokens).followed(by: $0) }
        tokens.append(contentsOf: other.tokens)
        overflowing = windows
    }

    private func followed(by other: TokenSequence) -> TokenSequence {
        var result = self
        result.append(other)
        return result
    }

    /// Changes the tokens of all windows.
    mutating func changeTokens(_ change: (inout [Token]) -> Void) {
        change(&tokens)
        for index in overflowing.indices { overflowing[index].changeTokens(change) }
    }
}
