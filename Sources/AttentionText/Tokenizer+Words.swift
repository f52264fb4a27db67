extension Tokenizer {
    /// Groups ids, such as a model generates, into the words of the text they spell: the inverse of `encode`.
    ///
    /// `words[k]` is the word that the text of the first k + 1 ids ends with (if it ends with white space, the word to
    /// come), so punctuation that is written without a space belongs to the word before it; special tokens have none.
    /// `wordTexts` are the words of `decode(ids)`.
    ///
    /// - Complexity: quadratic in the number of ids, which are those of a sentence.
    public func decodeWords(_ ids: [Int]) -> Encoding {
        let wordTexts = Self.words(of: decode(ids))
        var last = -1
        let words: [Int?] = ids.indices.map { index in
            if isSpecial(ids[index]) { return nil }
            let text = decode(Array(ids[...index]))
            let awaitsWord = text.unicodeScalars.last?.isWhiteSpace ?? true
            let wordCount = Self.words(of: text).count + (awaitsWord ? 1 : 0)
            last = min(max(last, wordCount - 1), wordTexts.count - 1)
            return last < 0 ? nil : last
        }
        return Encoding(ids: ids, pieces: ids.map { piece(of: $0) ?? "" }, words: words, wordTexts: wordTexts)
    }

    private static func words(of text: String) -> [String] {
        text.unicodeScalars.split(whereSeparator: \.isWhiteSpace).map(String.init)
    }
}
