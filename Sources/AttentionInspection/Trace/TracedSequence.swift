/// Pieces that look or are looked at, and the text they stand for.
public struct TracedSequence: Sendable, Equatable {
    /// What it is to the model: `source`, `target`, `read` (the target as the decoder reads it, a place behind) or `text`.
    public let name: String
    /// The text; empty where none is known.
    public let text: String
    /// The pieces as the vocabulary spells them.
    public let pieces: [String]
    /// For each piece its word in `wordTexts`; nil for special pieces.
    public let words: [Int?]
    /// The words.
    public let wordTexts: [String]
    /// For each piece the Unicode scalars of `text` it stands for; nil where that is not known, and for special pieces.
    public let offsets: [Range<Int>?]
    /// For each piece the text it stems from, 0 or 1, where a model reads two; nil for special pieces, and where there is one text.
    public let segments: [Int?]

    /// For each piece how likely it was in its place, then what else would have been likeliest; empty where that is not known.
    public let likely: [[LikelyPiece]]
    /// What the beam held while the sequence was written; nil if it was not written by a beam, or nobody knows.
    public let beam: TracedBeam?
    /// The picture or the spectrogram that pieces are places of; nil if they are of none, or it is not known.
    public let picture: TracedPicture?
    /// For each piece what it adds to a text, a space before it included, where `offsets` do not tell it; nil where that is not known, and for
    /// special pieces.
    public let texts: [String?]
    /// How many more pieces were looked at behind these, which are left out since they hold nothing: the silence that fills up the window of
    /// a sound. What rows of attention to these pieces lack to 1 went there.
    public let omittedCount: Int

    /// Checks and keeps the parts of a sequence.
    ///
    /// - Parameters:
    ///   - name: what it is to the model.
    ///   - text: the text.
    ///   - pieces: the L pieces.
    ///   - words: the word of each; one a piece if nil.
    ///   - wordTexts: the words; the pieces if nil.
    ///   - offsets: where in the text each piece stands; unknown if nil.
    ///   - segments: which of two texts each stems from; one text if nil.
    ///   - likely: how likely each was, and what else; unknown if nil.
    ///   - beam: what the beam held that wrote them; unknown if nil.
    ///   - picture: what the last of them are places of, if they are.
    ///   - texts: what each adds to a text, where offsets do not tell it; unknown if nil.
    ///   - omittedCount: how many more were looked at, and are left out.
    /// - Throws: `TraceError` unless there is one of each for every piece, words exist, offsets lie in the text, the beam wrote as many pieces as
    ///   there are, there are as many as the picture has places, and it is possible that so many are left out.
    public init(
        name: String, text: String = "", pieces: [String], words: [Int?]? = nil, wordTexts: [String]? = nil,
        offsets: [Range<Int>?]? = nil, segments: [Int?]? = nil, likely: [[LikelyPiece]]? = nil,
        beam: TracedBeam? = nil, picture: TracedPicture? = nil, texts: [String?]? = nil, omittedCount: Int = 0
    ) throws(TraceError) {
        (self.name, self.text, self.pieces) = (name, text, pieces)
        self.words = words ?? Array(pieces.indices)
        self.wordTexts = wordTexts ?? pieces
        self.offsets = offsets ?? [Range<Int>?](repeating: nil, count: pieces.count)
        self.segments = segments ?? [Int?](repeating: nil, count: pieces.count)
        self.likely = likely ?? [[LikelyPiece]](repeating: [], count: pieces.count)
        (self.beam, self.picture) = (beam, picture)
        self.texts = texts ?? [String?](repeating: nil, count: pieces.count)
        self.omittedCount = omittedCount
        try check()
    }

    /// As many as nobody reads.
    private static let omittedLimit = 1 << 30

    private func check() throws(TraceError) {
        for (list, count) in [
            ("words", words.count), ("offsets", offsets.count), ("segments", segments.count), ("likely", likely.count),
            ("texts", texts.count),
        ] where count != pieces.count {
            throw .count(part: "\(list) of \(name), one a piece", expected: pieces.count, found: count)
        }
        for case let word? in words where !wordTexts.indices.contains(word) {
            throw .outside(part: "words of \(name)", found: "\(word)", limit: "below \(wordTexts.count)")
        }
        let length = text.unicodeScalars.count
        for case let range? in offsets where range.lowerBound < 0 || range.upperBound > length {
            throw .outside(part: "offsets of \(name)", found: "\(range)", limit: "in a text of \(length) scalars")
        }
        for case let segment? in segments where !(0...1).contains(segment) {
            throw .outside(part: "segments of \(name)", found: "\(segment)", limit: "0 or 1")
        }
        if let other = likely.joined().first(where: { !(0...1).contains($0.probability) }) {
            throw .outside(part: "likely of \(name)", found: "\(other.probability)", limit: "0 to 1")
        }
        if let beam, beam.first > pieces.count - beam.answer.count {
            throw .outside(
                part: "answer of the beam of \(name)", found: "\(beam.first) and \(beam.answer.count)",
                limit: "within \(pieces.count) pieces")
        }
        if let picture, picture.placeCount > pieces.count {
            throw .outside(
                part: "places of the picture of \(name)", found: "\(picture.rowCount) by \(picture.columnCount)",
                limit: "at most \(pieces.count), a piece for each")
        }
        guard (0...Self.omittedLimit).contains(omittedCount) else {
            throw .outside(
                part: "pieces left out of \(name)", found: "\(omittedCount)", limit: "0 to \(Self.omittedLimit)")
        }
    }

    /// Whether pieces and words are not the same.
    public var hasSubwords: Bool { words != Array(pieces.indices) }
}
