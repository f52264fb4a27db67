import AttentionText

/// Which tokens of a text are a word, with the punctuation that belongs to it.
///
/// A word begins with a space; in languages that are written without spaces every character that tokens spell out is one. Marks that open something
/// belong to the word behind them, all others to the word before, several in a row where they stand so in the list of marks, as in the source:
/// transformers' `_combine_tokens_into_words`, after the authors' `tokenizer.py`.
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

    /// The least runs of tokens that spell whole characters; one that is broken in the text itself is whole.
    private static func characters(_ tokens: [Int], _ decode: ([Int]) -> String) -> [Word] {
        let (whole, broken) = (Array(decode(tokens).unicodeScalars), "\u{FFFD}" as Unicode.Scalar)
        var (words, first, offset): ([Word], Int, Int) = ([], 0, 0)
        for end in 1..<tokens.count + 1 {
            let text = decode(Array(tokens[first..<end]))
            let scalars = Array(text.unicodeScalars)
            if let place = scalars.firstIndex(of: broken), offset + place < whole.count, whole[offset + place] != broken
            {
                continue
            }
            words.append(Word(text: text, tokens: first..<end))
            (first, offset) = (end, offset + scalars.count)
        }
        return words
    }

    private static func joinedAtSpaces(_ parts: [Word]) -> [Word] {
        var words: [Word] = []
        for part in parts {
            if let last = words.indices.last, !part.text.hasPrefix(" "), !part.isMark(among: punctuation) {
                words[last] = joined(words[last], part)
            } else {
                words.append(part)
            }
        }
        return words
    }

    private static func withPunctuation(_ parts: [Word]) -> [Word] {
        // From the end, what opens something goes to what stands behind it.
        var opened: [Word] = []
        for part in parts.reversed() {
            if part.text.hasPrefix(" "), part.isMark(among: opening), let next = opened.last {
                opened[opened.count - 1] = joined(part, next)
            } else {
                opened.append(part)
            }
        }
        var words: [Word] = []
        for part in opened.reversed() {
            if let last = words.last, !last.text.hasSuffix(" "), closing.contains(part.text) {
                words[words.count - 1] = joined(last, part)
            } else {
                words.append(part)
            }
        }
        return words
    }

    private static func joined(_ first: Word, _ second: Word) -> Word {
        Word(text: first.text + second.text, tokens: first.tokens.lowerBound..<second.tokens.upperBound)
    }
}

extension SpokenWords.Word {
    /// Whether it is nothing but marks, which stand in this order in the list.
    fileprivate func isMark(among marks: String) -> Bool {
        let mark = text.trimmingSpaces
        return mark.isEmpty || marks.contains(mark)
    }
}
