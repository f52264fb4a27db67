package import AttentionFiles

/// Text ⇄ ids, exactly as Hugging Face's `tokenizers` does it with the same `tokenizer.json`.
///
/// Five stages, each chosen by name in the file: the *normalizer* rewrites the text, the *pre-tokenizer* cuts it into
/// segments, the *model* cuts segments into pieces of its vocabulary, the *post-processor* puts special tokens around
/// them, and the *decoder* turns pieces back into text. Added tokens are found in the text before all that.
///
/// Truncation and padding, which the file may ask for, belong to batches: they are kept and written back, not done.
public struct Tokenizer: Sendable {
    let addedTokens: [AddedToken]
    let normalizer: (any Normalizer)?
    let preTokenizer: (any PreTokenizer)?
    let model: any SubwordModel
    let postProcessor: (any PostProcessor)?
    let decoder: (any PieceDecoder)?
    let truncation: JSONValue
    let padding: JSONValue

    private let addedVocabulary: Vocabulary
    /// How each added token is written when ids are decoded: one that is found in normalised text, normalised.
    private let addedSpellings: [Int: String]
    private let specialIDs: Set<Int>
    private let matcher: AddedTokenMatcher
    /// Without the special ones.
    private let plainMatcher: AddedTokenMatcher
    private let normalizedMatcher: AddedTokenMatcher
    private let plainNormalizedMatcher: AddedTokenMatcher
    private let cache = SubwordCache()

    package init(
        addedTokens: [AddedToken], normalizer: (any Normalizer)?, preTokenizer: (any PreTokenizer)?,
        model: any SubwordModel, postProcessor: (any PostProcessor)?, decoder: (any PieceDecoder)?,
        truncation: JSONValue = .null, padding: JSONValue = .null
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
        addedSpellings = Dictionary(spellings) { $1 }
        specialIDs = Set(present.filter(\.isSpecial).map(\.id))
        matcher = AddedTokenMatcher(present.filter { !$0.isNormalized }) { $0 }
        plainMatcher = AddedTokenMatcher(present.filter { !$0.isNormalized && !$0.isSpecial }) { $0 }
        normalizedMatcher = AddedTokenMatcher(present.filter(\.isNormalized), spelling: normalized)
        plainNormalizedMatcher = AddedTokenMatcher(
            present.filter { $0.isNormalized && !$0.isSpecial }, spelling: normalized)
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
        addedSpellings[id] ?? model.vocabulary.piece(of: id)
    }

    /// Whether `id` belongs to a special token, such as the end of a sentence.
    public func isSpecial(_ id: Int) -> Bool {
        specialIDs.contains(id)
    }

    // MARK: Text to ids

    /// The pieces of `text`.
    ///
    /// - Parameters:
    ///   - addingSpecialTokens: whether the post-processor puts its tokens around the text.
    ///   - recognizingSpecialTokens: whether the spelling of a special token in the text, such as `</s>`, is that token, as in the
    ///     reference; otherwise it is text like any other, which is right for text from people.
    /// - Complexity: O(n log n) in the length of the longest segment, else linear in the text.
    public func encode(
        _ text: String, addingSpecialTokens: Bool = true, recognizingSpecialTokens: Bool = true
    ) -> Encoding {
        var wordTexts: [String] = []
        let original = AlignedText(text, words: &wordTexts)
        var tokens = tokens(of: original, recognizingSpecialTokens: recognizingSpecialTokens) { segment in
            cache.subwords(of: segment, compute: model.subwords)
        }
        if addingSpecialTokens, let postProcessor { tokens = postProcessor.process(tokens) }
        return Encoding(
            ids: tokens.map(\.id), pieces: tokens.map { piece(of: $0.id) ?? "" }, words: tokens.map(\.word),
            wordTexts: wordTexts)
    }

    /// The ids of `text`, without special tokens around it or in it, cut at random: every merge of byte-pair encoding is passed over with
    /// the probability `dropout` whenever it is next. A model that learns from many cuts of the same words is better at words
    /// that it has not seen. Models that do not merge cut as ever.
    ///
    /// Source: Provilkov, Emelianenko and Voita, BPE-Dropout: Simple and Effective Subword Regularization (2020), section 3.
    public func encode(
        _ text: String, dropout: Float, using generator: inout some RandomNumberGenerator
    ) -> [Int] {
        var wordTexts: [String] = []
        return tokens(of: AlignedText(text, words: &wordTexts), recognizingSpecialTokens: false) { segment in
            model.subwords(of: segment) { Float.random(in: 0..<1, using: &generator) < dropout }
        }.map(\.id)
    }

    /// The tokens of text, each segment cut by `cut`.
    private func tokens(
        of original: AlignedText, recognizingSpecialTokens: Bool, cut: ([UInt8]) -> [Subword]
    ) -> [Token] {
        let (first, second) =
            recognizingSpecialTokens ? (matcher, normalizedMatcher) : (plainMatcher, plainNormalizedMatcher)
        let cut = recognizingSpecialTokens ? cut : { segment in plainSubwords(of: segment, cut) }
        var tokens: [Token] = []
        for span in first.spans(of: original) {
            switch span {
            case .token(let token, let range): tokens.append(added(token, original[range]))
            case .text(let range):
                appendTokens(of: Array(original[range]), isAtStart: range.lowerBound == 0, second, cut, &tokens)
            }
        }
        return tokens
    }

    /// The pieces of a segment; where a special token's own piece would come out, those of its characters.
    private func plainSubwords(of segment: [UInt8], _ cut: ([UInt8]) -> [Subword]) -> [Subword] {
        let subwords = cut(segment)
        let isPlain = subwords.allSatisfy { subword in
            guard specialIDs.contains(Int(subword.id)), let piece = model.vocabulary.bytes(of: Int(subword.id)) else {
                return true
            }
            return !segment[Int(subword.start)...].starts(with: piece)
        }
        if isPlain { return subwords }
        var result: [Subword] = []
        var start = 0
        while start < segment.count {
            var end = start + 1
            while end < segment.count, UTF8.isContinuation(segment[end]) { end += 1 }
            result += cut(Array(segment[start..<end])).map { Subword(id: Int($0.id), start: start) }
            start = end
        }
        return result
    }

    /// The tokens of text in which no unnormalised added token stands.
    private func appendTokens(
        of text: AlignedText, isAtStart: Bool, _ matcher: AddedTokenMatcher, _ cut: ([UInt8]) -> [Subword],
        _ tokens: inout [Token]
    ) {
        let normalized = normalizer?.normalize(text) ?? text
        for span in matcher.spans(of: normalized) {
            switch span {
            case .token(let token, let range): tokens.append(added(token, normalized[range]))
            case .text(let range):
                let segment = Segment(normalized[range], isAtStart: isAtStart && range.lowerBound == 0)
                for part in preTokenizer?.split(segment) ?? [segment] { appendTokens(of: part, cut, &tokens) }
            }
        }
    }

    private func added(_ token: AddedToken, _ text: ArraySlice<AlignedScalar>) -> Token {
        let word = token.isSpecial ? nil : text.first.flatMap(\.wordIndex)
        return Token(id: token.id, word: word)
    }

    /// The tokens of one segment; a token belongs to the word of its first scalar.
    private func appendTokens(of segment: Segment, _ cut: ([UInt8]) -> [Subword], _ tokens: inout [Token]) {
        var position = segment.text.startIndex
        var end = UTF8.width(segment.text[position].scalar)
        for subword in cut(segment.text.utf8) {
            while end <= subword.start {
                position += 1
                end += UTF8.width(segment.text[position].scalar)
            }
            tokens.append(Token(id: Int(subword.id), word: segment.text[position].wordIndex))
        }
    }

    // MARK: Ids to text

    /// The text of `ids`; an id outside the vocabulary is left out.
    public func decode(_ ids: [Int], skippingSpecialTokens: Bool = true) -> String {
        let pieces: [[UInt8]] = ids.compactMap { id in
            if skippingSpecialTokens, isSpecial(id) { return nil }
            return addedSpellings[id].map { Array($0.utf8) } ?? model.vocabulary.bytes(of: id).map { Array($0) }
        }
        let texts = decoder?.decode(pieces) ?? [Array(pieces.joined(separator: [UInt8(ascii: " ")]))]
        return Array(texts.joined()).string
    }
}

extension AlignedScalar {
    /// The word, if the text has any.
    fileprivate var wordIndex: Int? { word < 0 ? nil : Int(word) }
}
