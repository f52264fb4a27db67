extension SentenceSplitter {
    /// Whether a single full stop, behind which no small letter comes, ends a sentence.
    func periodEnds(
        _ mark: Mark, before follower: Follower, in text: ArraySlice<Unicode.Scalar>, sentenceStart: Int
    ) -> Bool {
        let token = WordBefore(mark.run.lowerBound, in: text, from: sentenceStart)
        if mark.hasClosers { return true }
        if token.isNumber { return numberEnds(token, before: follower, in: text, sentenceStart: sentenceStart) }
        if token.isInitial { return initialEnds(token, before: follower, in: text, sentenceStart: sentenceStart) }
        return wordEnds(token.key, before: follower)
    }

    /// Whether the full stop stands behind a word that is no abbreviation at all.
    func endsPlainly(_ mark: Mark, in text: ArraySlice<Unicode.Scalar>, sentenceStart: Int) -> Bool {
        let token = WordBefore(mark.run.lowerBound, in: text, from: sentenceStart)
        let known = [abbreviations.leading, abbreviations.numbering, abbreviations.closing]
        return !token.isInitial && !token.isNumber && !Self.isDotted(token.key)
            && !known.contains { $0.contains(token.key) }
    }

    /// Short parts with full stops between them: "u.s.a", and not "example.com".
    private static func isDotted(_ key: String) -> Bool {
        let parts = key.split(separator: ".")
        return parts.count > 1 && parts.allSatisfy { $0.count <= 3 && $0.allSatisfy(\.isLetter) }
    }

    private func wordEnds(_ key: String, before follower: Follower) -> Bool {
        let isClosing = abbreviations.closing.contains(key)
        if abbreviations.numbering.contains(key), follower.isDigit { return false }
        if abbreviations.leading.contains(key) {
            return isClosing && follower.isAmong(abbreviations.starters)
        }
        if key == "etc" || key == "usw" { return true }
        if key == "a.m" || key == "p.m" { return !Self.timeWords.contains(follower.word) && !follower.isDigit }
        if language == .german, key.hasSuffix("str"), follower.isDigit { return false }
        if isClosing || Self.isDotted(key) { return follower.isAmong(abbreviations.starters) }
        return true
    }

    /// Lists begin with a number, German ordinals end with a full stop; else a number is a word like others.
    private func numberEnds(
        _ token: WordBefore, before follower: Follower, in text: ArraySlice<Unicode.Scalar>, sentenceStart: Int
    ) -> Bool {
        if token.range.lowerBound == sentenceStart { return token.range.count > 3 }
        guard !abbreviations.beforeOrdinals.isEmpty, token.range.count <= 2 else { return true }
        let before = WordBefore(
            text.skippingSpaceBackwards(from: token.range.lowerBound), in: text, from: sentenceStart)
        return !abbreviations.beforeOrdinals.contains(before.key) && !Self.germanMonths.contains(follower.word)
    }

    /// "J. Smith" goes on; "plan B." and "It is I." end.
    private func initialEnds(
        _ token: WordBefore, before follower: Follower, in text: ArraySlice<Unicode.Scalar>, sentenceStart: Int
    ) -> Bool {
        guard token.range.lowerBound > sentenceStart else { return false }
        let end = text.skippingSpaceBackwards(from: token.range.lowerBound)
        let before = WordBefore(end, in: text, from: sentenceStart)
        if abbreviations.labelled.contains(before.key) { return true }
        return token.key == "i" && language == .english && follower.isCapital && follower.word.count > 1
    }

    private static let timeWords: Set = [
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "eastern", "pacific", "central",
        "gmt", "utc", "est", "edt", "pst", "pdt", "cet", "cest",
    ]
    private static let germanMonths: Set = [
        "januar", "februar", "märz", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
        "dezember", "januars", "jahrhundert", "jahrhunderts",
    ]
}

/// The word before a mark, without opening marks and what is elided: "e.g", "Smith", "12".
struct WordBefore {
    let range: Range<Int>
    let key: String
    /// One capital letter, or several with hyphens and full stops: "J", "J.-P", "J.R.R".
    let isInitial: Bool
    /// Digits alone.
    let isNumber: Bool

    /// The word that ends at `end`, searched for as far back as `limit`, 40 characters at most.
    init(_ end: Int, in text: ArraySlice<Unicode.Scalar>, from limit: Int) {
        var start = end
        while start > limit, end - start < 40, !text[start - 1].isWhiteSpace, !text[start - 1].isOpener,
            !text[start - 1].isApostrophe
        {
            start -= 1
        }
        range = start..<end
        let scalars = text[range]
        key = Array(scalars).string.lowercased()
        isNumber = !scalars.isEmpty && scalars.allSatisfy { $0.properties.numericType == .decimal }
        isInitial = scalars.count == 1 && scalars.first?.properties.isUppercase == true || Self.isHyphenated(scalars)
    }

    /// "J.-P".
    private static func isHyphenated(_ scalars: ArraySlice<Unicode.Scalar>) -> Bool {
        scalars.count == 4 && Array(scalars.dropFirst().prefix(2)) == [".", "-"]
            && scalars.first?.properties.isUppercase == true && scalars.last?.properties.isUppercase == true
    }
}
