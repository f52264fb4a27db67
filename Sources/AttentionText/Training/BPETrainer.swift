/// Learns byte-pair encodings with byte fallback: ▁ for spaces, Form C, case kept unless stated.
///
/// Punctuation marks are cut off, each a segment of its own, so that a word has the same pieces with and without a comma behind it.
/// So are digits: a model that is to copy numbers must see what they are made of.
///
/// The vocabulary is, in this order: the special pieces, `<0x00>` … `<0xFF>`, the characters seen often enough, and one
/// piece for each merge. For two languages with one vocabulary, train on the lines of both.
///
/// Source: Sennrich, Haddow and Birch (2016), section 3.2.
public struct BPETrainer: Sendable {
    /// Fills the shorter texts of a batch; id 0.
    public static let padding = "<pad>"
    /// Begins a sentence; id 1.
    public static let sentenceStart = "<s>"
    /// Ends a sentence; id 2. The post-processor puts it after every text.
    public static let sentenceEnd = "</s>"
    /// What the vocabulary cannot spell; id 3. With byte fallback that never occurs.
    public static let unknown = "<unk>"
    static let specialPieces = [padding, sentenceStart, sentenceEnd, unknown]

    /// How many pieces to make; fewer come out if the text has no more pairs to merge.
    public let vocabularySize: Int
    /// The share of the text's characters that get a piece of their own, the most frequent first; the rest are bytes.
    public let characterCoverage: Double
    /// How often a pair must occur to be merged.
    public let minimumPairCount: Int
    /// Whether the tokenizer lower-cases all text, here and wherever it is used.
    public let isLowercasing: Bool

    /// A trainer with these limits.
    public init(
        vocabularySize: Int, characterCoverage: Double = 0.9999, minimumPairCount: Int = 2, isLowercasing: Bool = false
    ) {
        self.isLowercasing = isLowercasing
        self.vocabularySize = vocabularySize
        self.characterCoverage = characterCoverage
        self.minimumPairCount = minimumPairCount
    }

    /// The tokenizer for texts like `lines`; the same lines in the same order give the same tokenizer.
    ///
    /// - Throws: `TokenizerError.vocabularyTooSmall` if the special, byte and character pieces alone are more.
    public func train(on lines: some Sequence<String>) throws(TokenizerError) -> Tokenizer {
        let normalizer = NormalizerSequence(
            [NFC()] + Self.plainCharacters.map { ReplaceNormalizer($0, by: $1) } + (isLowercasing ? [Lowercase()] : []))
        let metaspace = Metaspace()
        let preTokenizer = PreTokenizerSequence([metaspace, Punctuation(), Digits(individually: true)])
        var words = WordCounts()
        for line in lines {
            words.add(preTokenizer.split(Segment(normalizer.normalize(AlignedText(line))[...])))
        }
        let model = try train(on: words)
        return Tokenizer(
            addedTokens: Self.specialPieces.enumerated().map { AddedToken(special: $1, id: $0) },
            normalizer: normalizer, preTokenizer: preTokenizer, model: model,
            postProcessor: TemplateProcessing(suffix: Self.sentenceEnd, id: 2),
            decoder: PieceDecoderSequence([ByteFallbackDecoder(), MetaspaceDecoder(metaspace)]))
    }

    /// What keyboards and programs write in two ways becomes one: typographic quotation marks and apostrophes, the ellipsis,
    /// and the spaces at which no line may break. Everything else, ™ ² ½ included, comes back from its pieces as it was.
    private static let plainCharacters = [
        ("\u{2019}", "'"), ("\u{2018}", "'"), ("\u{201C}", "\""), ("\u{201D}", "\""), ("\u{2026}", "..."),
        ("\u{00A0}", " "), ("\u{202F}", " "),
    ]

    private func train(on words: WordCounts) throws(TokenizerError) -> BPE {
        let characters = words.characters(covering: characterCoverage)
        let reserved = Self.specialPieces + (0...255).map(Vocabulary.bytePiece)
        let first = Vocabulary(reserved + characters.map(String.init))
        guard first.count <= vocabularySize else {
            throw .vocabularyTooSmall(requested: vocabularySize, needed: first.count)
        }
        let learnt = MergeLearner(words, from: first, size: vocabularySize, minimumPairCount: minimumPairCount)
        return BPE(vocabulary: learnt.vocabulary, merges: learnt.merges, fallingBackTo: Self.unknown)
    }
}
