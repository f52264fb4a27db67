import AttentionInspection

/// The words of a text and of its translation, where they stand, and which looked at which.
struct WordPlaces {
    /// The words of the text, in scalars.
    private(set) var sources: [Range<Int>] = []
    /// The words of the translation, in scalars.
    private(set) var targets: [Range<Int>] = []
    /// For each word of the translation how much of it belongs to each word of the text, of the words from `first` on.
    private var rows: [(first: Int, weights: [Float])] = []
    private let sourceScalars: [Unicode.Scalar]
    private let targetScalars: [Unicode.Scalar]

    init(
        _ translation: Translation, _ alignments: [AlignmentMatrix?], source: [Unicode.Scalar],
        target: [Unicode.Scalar]
    ) {
        (sourceScalars, targetScalars) = (source, target)
        for (sentence, matrix) in zip(translation.sentences, alignments) {
            let own = source.words(in: sentence.sourceRange)
            let written = target.words(in: sentence.targetRange)
            let fits = matrix?.source.count == own.count && matrix?.target.count == written.count
            rows += written.indices.map { row in
                let weights = fits ? matrix?.weights[row] : nil
                return (sources.count, weights ?? Self.diagonal(row, of: written.count, own.count))
            }
            sources += own
            targets += written
        }
    }

    /// All on the word at the same share of the sentence: where nothing else is known.
    private static func diagonal(_ row: Int, of rows: Int, _ columns: Int) -> [Float] {
        (0..<columns).map { $0 == min(columns - 1, (2 * row + 1) * columns / (2 * rows)) ? 1 : 0 }
    }

    /// How much of a word of the translation belongs to a word of the text.
    func share(of target: Int, at source: Int) -> Float {
        let (first, weights) = rows[target]
        return weights.indices.contains(source - first) ? weights[source - first] : 0
    }

    /// The words of the text whose sentence a word of the translation is of.
    func candidates(for target: Int) -> Range<Int> {
        let (first, weights) = rows[target]
        return first..<first + weights.count
    }

    /// The word of the text that a word of the translation belongs to most; nil if to none.
    func source(of target: Int) -> Int? {
        let (first, weights) = rows[target]
        guard let greatest = weights.max(), greatest > 0 else { return nil }
        return weights.firstIndex(of: greatest).map { first + $0 }
    }

    /// Of these words of the translation the one that belongs most to these of the text.
    func bestTarget(of sources: [Int], among targets: [Int]) -> Int? {
        func weight(_ target: Int) -> Float { sources.reduce(0) { $0 + share(of: target, at: $1) } }
        guard let best = targets.max(by: { weight($0) < weight($1) }), weight(best) > 0 else { return nil }
        return best
    }

    /// Where in the translation that goes which stands at this place of the text, between words.
    func place(ofMarkAt place: Int) -> Int {
        guard let next = sources.firstIndex(where: { $0.lowerBound >= place }) else { return targetScalars.count }
        guard next > 0 else { return 0 }
        let own = targets.indices.filter { source(of: $0) == next }
        guard let target = own.first ?? bestTarget(of: [next], among: Array(targets.indices)) else {
            return targetScalars.count
        }
        return targets[target].lowerBound
    }

    /// Whether a word of the translation is nothing but marks.
    func isMark(_ word: Range<Int>) -> Bool { word.allSatisfy { targetScalars[$0].isMark } }

    /// Where a word begins behind brackets and quotation marks.
    func firstLetter(of word: Range<Int>) -> Int {
        word.first { !sourceScalars[$0].isOpeningMark } ?? word.lowerBound
    }

    /// Whether a word of the text ends in a mark.
    func endsInMark(_ word: Range<Int>) -> Bool { sourceScalars[word.upperBound - 1].isClosingMark }

    /// A word of the translation without the marks around it; with those at its end if they belong to it.
    func core(of word: Range<Int>, keepingEnd: Bool) -> Range<Int> {
        let start = word.first { !targetScalars[$0].isOpeningMark } ?? word.lowerBound
        guard !keepingEnd else { return start..<word.upperBound }
        let end = word.last { !targetScalars[$0].isClosingMark } ?? word.upperBound - 1
        return start <= end ? start..<end + 1 : word
    }

    /// Whether a word begins in a part of the translation that no element covers.
    func hasUncoveredWord(in range: Range<Int>, _ cover: [Int?]) -> Bool {
        targets.contains {
            range.contains($0.lowerBound) && $0.contains { cover[$0] == nil && !targetScalars[$0].isMark }
        }
    }
}

extension [Unicode.Scalar] {
    /// The words in a part, as white space parts them.
    fileprivate func words(in range: Range<Int>) -> [Range<Int>] {
        var (found, start): ([Range<Int>], Int?) = ([], nil)
        for place in range.clamped(to: indices) {
            let isSpace = self[place].properties.isWhitespace
            if isSpace, let first = start {
                found.append(first..<place)
                start = nil
            } else if !isSpace, start == nil {
                start = place
            }
        }
        if let start { found.append(start..<Swift.min(range.upperBound, count)) }
        return found
    }
}

extension Unicode.Scalar {
    fileprivate var isOpeningMark: Bool { "«“‘\"'([¿¡„".unicodeScalars.contains(self) }
    fileprivate var isClosingMark: Bool { "»”’\"')].,;:!?…".unicodeScalars.contains(self) }
    fileprivate var isMark: Bool { isOpeningMark || isClosingMark }
}
