/// A set of tokens, a bit for each of the vocabulary.
package struct TokenSet: Sendable, Equatable {
    private var words: [UInt64]

    package init(_ tokens: some Sequence<Int>, below count: Int) {
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
        for token in tokens { words[token >> 6] |= 1 << UInt64(token & 63) }
    }

    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    package func contains(_ token: Int) -> Bool {
        token >= 0 && token >> 6 < words.count && words[token >> 6] & 1 << UInt64(token & 63) != 0
    }

    /// All of them, in ascending order.
    package var tokens: [Int] { (0..<words.count * 64).filter(contains) }
}
