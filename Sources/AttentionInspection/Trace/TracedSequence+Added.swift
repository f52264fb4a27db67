extension TracedSequence {
    /// Pieces of which it is known what each adds to a text, where that text is not known as a whole: words begin at white space and behind
    /// special pieces, of which nothing is known but their spelling.
    ///
    /// - Parameters:
    ///   - texts: what each piece adds, a space before it included; nil of special pieces.
    ///   - segments: which of two texts each stems from; one text if nil.
    /// - Throws: `TraceError` unless there is one of each for every piece, or the beam does not fit.
    package init(
        name: String, pieces: [String], adding texts: [String?], segments: [Int?]? = nil, beam: TracedBeam? = nil
    ) throws(TraceError) {
        let groups = AddedWords(texts)
        try self.init(
            name: name, pieces: pieces, words: groups.words, wordTexts: groups.wordTexts, segments: segments,
            beam: beam, texts: texts)
    }

    /// The same pieces under another name, as places of a picture.
    ///
    /// - Parameter omittedCount: how many more were looked at, and are left out.
    /// - Throws: `TraceError` if the picture has more places than there are pieces.
    package func named(
        _ name: String, on picture: TracedPicture?, omittedCount: Int = 0
    ) throws(TraceError) -> TracedSequence {
        try TracedSequence(
            name: name, text: text, pieces: pieces, words: words, wordTexts: wordTexts, offsets: offsets,
            segments: segments, likely: likely, beam: beam, picture: picture, texts: texts, omittedCount: omittedCount)
    }
}

/// The words of a text, of which only what each piece adds is known.
private struct AddedWords {
    /// For each piece its word; nil for those that add nothing that is known.
    private(set) var words: [Int?] = []
    private(set) var wordTexts: [String] = []
    /// Whether the next piece goes on the last word, unless it begins with white space.
    private var isOpen = false

    init(_ texts: [String?]) { for text in texts { add(text) } }

    private mutating func add(_ text: String?) {
        guard let text else {
            words.append(nil)
            isOpen = false
            return
        }
        let scalars = text.unicodeScalars
        // White space that stands alone belongs to the word behind it.
        let waits = isOpen && wordTexts.last == ""
        let begins = !isOpen || scalars.first?.properties.isWhitespace == true
        if begins, !waits { wordTexts.append("") }
        wordTexts[wordTexts.count - 1] += text.trimmed
        words.append(wordTexts.count - 1)
        isOpen = text.trimmed.isEmpty || scalars.last?.properties.isWhitespace != true
    }
}
