/// The tokens of an encoding, and what more is to be told of them.
struct EncodedText: Sendable {
    /// What the windows of one text share.
    struct Origin: Sendable {
        let text: String
        /// How tokens of the text and of its pair are spelt that the vocabulary spells otherwise.
        let spellings: (text: [String], pair: [String])
        let padding: String?
        let pieces: PieceSpeller
    }

    let tokens: [Token]
    let origin: Origin

    var pieces: [String] {
        tokens.map { token in
            switch token.origin {
            case .padding: origin.padding ?? ""
            case .special:
                origin.pieces.specialSpellings[Int(token.id)] ?? origin.pieces.spelling(of: Int(token.id)) ?? ""
            case .text where token.spelling >= 0: origin.spellings.text[Int(token.spelling)]
            case .pair where token.spelling >= 0: origin.spellings.pair[Int(token.spelling)]
            case .text, .pair: origin.pieces.spelling(of: Int(token.id)) ?? ""
            }
        }
    }

    /// For each token its word of the text; `nil` for special tokens, put in or found there.
    var words: [Int?] {
        zip(tokens, TextWords(origin.text).words(at: tokens.map(\.start))).map { token, word in
            token.origin == .text && !(token.isAdded && origin.pieces.specialIDs.contains(Int(token.id))) ? word : nil
        }
    }
}

/// How ids are spelt: by added tokens, or by the vocabulary. The encodings of a tokenizer share it.
final class PieceSpeller: Sendable {
    let vocabulary: Vocabulary
    /// How each added token is written when ids are decoded: one that is found in normalised text, normalised.
    let addedSpellings: [Int: String]
    /// How the post-processor spells what it puts in.
    let specialSpellings: [Int: String]
    let specialIDs: Set<Int>

    init(
        vocabulary: Vocabulary, addedSpellings: [Int: String], specialSpellings: [Int: String], specialIDs: Set<Int>
    ) {
        (self.vocabulary, self.addedSpellings) = (vocabulary, addedSpellings)
        (self.specialSpellings, self.specialIDs) = (specialSpellings, specialIDs)
    }

    func spelling(of id: Int) -> String? { addedSpellings[id] ?? vocabulary.piece(of: id) }
}
