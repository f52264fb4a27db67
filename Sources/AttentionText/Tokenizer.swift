/// Text ⇄ ids, exactly as Hugging Face's `tokenizers` does it with the same `tokenizer.json`.
///
/// Five stages, each chosen by name in the file: the *normalizer* rewrites the text, the *pre-tokenizer* cuts it into
/// segments, the *model* cuts segments into pieces of its vocabulary, the *post-processor* puts special tokens around
/// them, and the *decoder* turns pieces back into text. Added tokens are found in the text before all that.
///
/// Texts longer than the file's truncation allows become windows, and shorter ones are padded, if it asks for that.
public struct Tokenizer: Sendable {
    let addedTokens: [AddedToken]
    let normalizer: (any Normalizer)?
    let preTokenizer: (any PreTokenizer)?
    let model: any SubwordModel
    let postProcessor: (any PostProcessor)?
    let decoder: (any PieceDecoder)?
    /// How texts that are too long are cut, if they are.
    public private(set) var truncation: Truncation?
    /// How texts that are too short are filled up, if they are.
    public private(set) var padding: Padding?

    private let addedVocabulary: Vocabulary
    let pieces: PieceSpeller
    /// Added tokens by where they are found: in the text as it is, and in normalised text.
    let matcher: AddedTokenMatcher
    let normalizedMatcher: AddedTokenMatcher
    /// The same without the special ones.
    let plainMatcher: AddedTokenMatcher
    let plainNormalizedMatcher: AddedTokenMatcher
    let cache: SubwordCache
    /// The short cut for texts in which no added token is found; `nil` if the stages allow none.
    let stretches: StretchEncoder?
    /// All that the post-processor does to a text without a pair, if it is no more than a frame.
    let frame: TextFrame?

    package init(
        addedTokens: [AddedToken], normalizer: (any Normalizer)?, preTokenizer: (any PreTokenizer)?,
        model: any SubwordModel, postProcessor: (any PostProcessor)?, decoder: (any PieceDecoder)?,
        truncation: Truncation? = nil, padding: Padding? = nil
    ) {
        self.addedTokens = addedTokens
        self.normalizer = normalizer
        self.preTokenizer = preTokenizer
        self.model = model
        self.postProcessor = postProcessor
        self.decoder = decoder
        self.truncation = truncation
        self.padding = padding

        func normalized(_ content: String) -> String {
            normalizer?.normalize(AlignedText(content)).string ?? content
        }
        let present = addedTokens.filter { !$0.content.isEmpty }
        var addedVocabulary = Vocabulary(capacity: present.count)
        for token in present { addedVocabulary.insert(ArraySlice(token.content.utf8), id: token.id) }
        self.addedVocabulary = addedVocabulary
        let spellings = present.map { ($0.id, $0.isNormalized ? normalized($0.content) : $0.content) }
        pieces = PieceSpeller(
            vocabulary: model.vocabulary, addedSpellings: Dictionary(spellings) { $1 },
            specialSpellings: postProcessor?.spellings ?? [:],
            specialIDs: model.specialIDs.union(present.filter(\.isSpecial).map(\.id)))
        cache = SubwordCache()
        matcher = AddedTokenMatcher(present.filter { !$0.isNormalized }) { $0 }
        plainMatcher = AddedTokenMatcher(present.filter { !$0.isNormalized && !$0.isSpecial }) { $0 }
        normalizedMatcher = AddedTokenMatcher(present.filter(\.isNormalized), spelling: normalized)
        plainNormalizedMatcher = AddedTokenMatcher(
            present.filter { $0.isNormalized && !$0.isSpecial }, spelling: normalized)
        frame = postProcessor == nil ? TextFrame() : postProcessor?.frame
        let found = present.filter(\.isNormalized)
        stretches =
            found.contains { $0.stripsLeft || $0.stripsRight }
            ? nil
            : StretchEncoder(
                normalizer: normalizer, preTokenizer: preTokenizer,
                added: present.filter { !$0.isNormalized }.map(\.content),
                normalizedSpellings: found.map { normalized($0.content) })
    }

    /// The same tokenizer with other limits than its file asks for.
    public func limited(truncation: Truncation?, padding: Padding?) -> Tokenizer {
        var result = self
        (result.truncation, result.padding) = (truncation, padding)
        return result
    }

    // MARK: Vocabulary

    /// One more than the largest id, added tokens included: the number of rows that an embedding needs.
    public var count: Int {
        max(model.vocabulary.count, addedVocabulary.count)
    }

    /// The id of `piece`, which is compared byte by byte.
    public func id(of piece: String) -> Int? {
        addedVocabulary.id(of: piece) ?? model.vocabulary.id(of: piece)
    }

    /// The piece with this id.
    public func piece(of id: Int) -> String? {
        pieces.spelling(of: id)
    }

    /// Whether `id` belongs to a special token, such as the end of a sentence.
    public func isSpecial(_ id: Int) -> Bool {
        pieces.specialIDs.contains(id)
    }

    // MARK: Ids to text

    /// The text of `ids`; an id outside the vocabulary is left out.
    public func decode(_ ids: [Int], skippingSpecialTokens: Bool = true) -> String {
        let pieces: [[UInt8]] = ids.compactMap { id in
            if skippingSpecialTokens, isSpecial(id) { return nil }
            return self.pieces.addedSpellings[id].map { Array($0.utf8) }
                ?? model.vocabulary.bytes(of: id).map { Array($0) }
        }
        let texts = decoder?.decode(pieces) ?? [Array(pieces.joined(separator: [UInt8(ascii: " ")]))]
        return Array(texts.joined()).string
    }
}
