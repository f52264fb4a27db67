extension TokenSequence {
    /// The tokens without the spaces at their ends: in byte-level vocabularies a piece begins with its space, which is no
    /// part of the word.
    ///
    /// - Parameter addsPrefixSpace: whether one space at the beginning of the text was put in, and stands for nothing.
    func trimmingOffsets(addsPrefixSpace: Bool) -> TokenSequence {
        mapTokens { tokens in
            tokens.enumerated().map { index, token in
                Self.trimmed(token, isAfterPutIn: addsPrefixSpace && (index == 0 || token.start == 0))
            }
        }
    }

    private static func trimmed(_ token: Token, isAfterPutIn: Bool) -> Token {
        var (start, end) = (token.start, token.end)
        if token.leadingSpaces > 0 {
            start = min(start + token.leadingSpaces - (isAfterPutIn ? 1 : 0), end)
        }
        if token.trailingSpaces > 0, end >= token.trailingSpaces {
            end = max(end - token.trailingSpaces, start)
        }
        return token.with(start: start, end: end)
    }
}
