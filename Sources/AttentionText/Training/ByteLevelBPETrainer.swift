import AttentionFiles

/// Learns byte-pair encodings of bytes, as GPT-2 has them: every text comes back from its ids as it was, to the byte.
///
/// Texts are cut into words, numbers and runs of other characters, each with the space before it, and merges stay within these. The vocabulary
/// is, in this order: `<|endoftext|>`, the 256 bytes, and one piece for each merge; of 257 pieces, ids are bytes.
///
/// Source: Radford et al. 2019, *Language Models are Unsupervised Multitask Learners*, section 2.2.
public struct ByteLevelBPETrainer: Sendable {
    /// Stands between texts; id 0.
    public static let endOfText = "<|endoftext|>"
    /// The pieces of a vocabulary without merges: the least there can be.
    public static let smallestSize = 257

    /// How many pieces to make; fewer come out if the text has no more pairs to merge.
    public let vocabularySize: Int
    /// How often a pair must occur to be merged.
    public let minimumPairCount: Int

    /// A trainer with these limits.
    public init(vocabularySize: Int, minimumPairCount: Int = 2) {
        self.vocabularySize = vocabularySize
        self.minimumPairCount = minimumPairCount
    }

    /// The tokenizer for such texts; the same texts in the same order give the same tokenizer.
    ///
    /// - Throws: `TokenizerError.vocabularyTooSmall` if the bytes alone are more.
    public func train(on texts: some Sequence<String>) throws(TokenizerError) -> Tokenizer {
        guard vocabularySize >= Self.smallestSize else {
            throw .vocabularyTooSmall(requested: vocabularySize, needed: Self.smallestSize)
        }
        let cutting = try StageFields(
            stage: "ByteLevel",
            .object([
                JSONMember("add_prefix_space", false), JSONMember("trim_offsets", false), JSONMember("use_regex", true),
            ]))
        let preTokenizer = try ByteLevelPreTokenizer(cutting)
        var words = WordCounts()
        for text in texts { words.add(preTokenizer.split(Segment(AlignedText(text)[...]))) }
        let bytes = Vocabulary([Self.endOfText] + ByteAlphabet.scalars.map(String.init))
        let learnt = MergeLearner(words, from: bytes, size: vocabularySize, minimumPairCount: minimumPairCount)
        return Tokenizer(
            addedTokens: [AddedToken(special: Self.endOfText, id: 0)], normalizer: nil, preTokenizer: preTokenizer,
            model: BPE(vocabulary: learnt.vocabulary, merges: learnt.merges),
            postProcessor: try ByteLevelPostProcessor(cutting), decoder: ByteLevelDecoder(cutting))
    }
}
