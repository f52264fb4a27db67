/// Guesses that a text goes on as it did before: where its last tokens stand already, with what followed them there. Good at what quotes its
/// prompt: summaries, answers, code that is changed.
///
/// Source: Saxena 2023, *Prompt Lookup Decoding*.
public struct PromptLookup: Drafter {
    /// How many tokens are guessed at most.
    public let guessCount: Int
    /// How many of the last tokens are looked for; fewer, down to one, where so many are not found.
    public let matchLength: Int

    /// Guesses of so many tokens, which follow the last place of the longest match.
    public init(guessCount: Int = 10, matchLength: Int = 3) {
        (self.guessCount, self.matchLength) = (max(0, guessCount), max(1, matchLength))
    }

    public var start: Void { () }

    /// - Complexity: O(N · `matchLength`) comparisons behind N tokens.
    public func guesses(behind text: [Int], _ memory: inout Void) -> [Int] {
        var best = (length: 0, end: 0)
        // Where a match ends, the guess begins: at the last token there is nothing to guess.
        for end in stride(from: text.count - 1, to: 0, by: -1) {
            var length = 0
            while length < matchLength, length < end, text[end - 1 - length] == text[text.count - 1 - length] {
                length += 1
            }
            if length > best.length { best = (length, end) }
            if length == matchLength { break }
        }
        guard best.length > 0 else { return [] }
        return Array(text[best.end...].prefix(guessCount))
    }
}
