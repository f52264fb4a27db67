import AttentionText

/// Which tokens of a text are a word, with the punctuation that belongs to it.
///
/// A word begins with a space; in languages that are written without spaces every character that tokens spell out is one. Marks that open something
/// belong to the word behind them, all others to the word before. *Source:* transformers' `_combine_tokens_into_words`, after the authors' `tokenizer.py`.
package struct SpokenWords: Sendable, Hashable {
    /// A word, and the places of its tokens.
    package struct Word: Sendable, Hashable {
        package var text: String
        package var tokens: Range<Int>
    }

    package let words: [Word]

    private static let opening = "\"'“¡¿([{-"
    private static let closing = "\"'.。,，!！?？:：”)]}、"
    private static let punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    private static let withoutSpaces: Set<String> = ["zh", "ja", "th", "lo", "my", "yue"]

    /// The words of tokens that are text, each beginning with its space.
    package init(_ tokens: [Int], language: String?, decode: ([Int]) -> String) {
        var words = Self.characters(tokens, decode)
        if !Self.withoutSpaces.contains(language ?? "") { words = Self.joinedAtSpaces(words) }
        self.words = Self.withPunctuation(words)
    }

    /// The least runs of tokens that spell whole characters.
    private static func characters(_ tokens: [Int], _ decode: ([Int]) -> String) -> [Word] {
        var (words, first): ([Word], Int) = ([], 0)
        for end in 1..<tokens.count + 1 {
            let text = decode(Array(tokens[first..<end]))
            guard !text.unicodeScalars.contains("\u{FFFD}") || end == tokens.count else { continue }
            words.append(Word(text: text, tokens: first..<end))
            first = end
        }
        return words
    }

    private static func joinedAtSpaces(_ parts: [Word]) -> [Word] {
        var words: [Word] = []
        for part in parts {
            let isMark = part.text.trimmingSpaces.allSatisfy { punctuation.contains($0) }
            if let last = words.indices.last, !part.text.hasPrefix(" "), !isMark {
                words[last] = Word(
                    text: words[last].text + part.text,
                    tokens: words[last].tokens.lowerBound..<part.tokens.upperBound)
            } else {
                words.append(part)
            }
        }
        return words
    }

    private static func withPunctuation(_ parts: [Word]) -> [Word] {
        var (words, opened): ([Word], Word?) = ([], nil)
        for part in parts {
            let mark = part.text.trimmingSpaces
            if part.text.hasPrefix(" "), !mark.isEmpty, mark.allSatisfy({ opening.contains($0) }) {
                opened = opened.map { joined($0, part) } ?? part
            } else if opened == nil, let last = words.indices.last, !part.text.hasPrefix(" "), !mark.isEmpty,
                mark.allSatisfy({ closing.contains($0) })
            {
                words[last] = joined(words[last], part)
            } else {
                words.append(opened.map { joined($0, part) } ?? part)
                opened = nil
            }
        }
        return words + (opened.map { [$0] } ?? [])
    }

    private static func joined(_ first: Word, _ second: Word) -> Word {
        Word(text: first.text + second.text, tokens: first.tokens.lowerBound..<second.tokens.upperBound)
    }
}
