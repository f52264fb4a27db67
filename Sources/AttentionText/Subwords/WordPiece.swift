package import AttentionFiles

/// WordPiece: from the left, always the longest piece that the vocabulary holds; a word that does not work out is
/// unknown as a whole.
///
/// Source: Devlin et al., BERT (2019), after Wu et al., Google's Neural Machine Translation System (2016), section 4.1.
package struct WordPiece: SubwordModel {
    package static let name = "WordPiece"

    package let vocabulary: Vocabulary
    private let unknownPiece: String
    private let unknownID: Int
    private let continuingPrefix: String
    private let longestWord: Int

    package init(_ fields: StageFields) throws(TokenizerError) {
        vocabulary = try fields.pieceIDs("vocab")
        unknownPiece = try fields.string("unk_token")
        guard let id = vocabulary.id(of: unknownPiece) else {
            throw .missingPiece(stage: fields.stage, field: "unk_token", piece: unknownPiece)
        }
        unknownID = id
        continuingPrefix = try fields.string("continuing_subword_prefix")
        longestWord = try fields.count("max_input_chars_per_word")
    }

    package var members: [JSONMember] {
        [
            JSONMember("unk_token", .string(unknownPiece)),
            JSONMember("continuing_subword_prefix", .string(continuingPrefix)),
            JSONMember("max_input_chars_per_word", .number(JSONNumber(longestWord))),
            JSONMember("vocab", vocabulary.json),
        ]
    }

    /// Complexity: quadratic in the length of the word, which `max_input_chars_per_word` limits.
    package func subwords(of segment: [UInt8]) -> [Subword] {
        let unknown = [Subword(id: unknownID, start: 0, end: segment.count)]
        let characterCount = segment.count { !UTF8.isContinuation($0) }
        guard characterCount <= longestWord else { return unknown }
        var result: [Subword] = []
        var start = 0
        while start < segment.count {
            guard let (id, end) = longestPiece(in: segment, from: start) else { return unknown }
            result.append(Subword(id: id, start: start, end: end))
            start = end
        }
        return result
    }

    private func longestPiece(in segment: [UInt8], from start: Int) -> (id: Int, end: Int)? {
        let prefix = start > 0 ? Array(continuingPrefix.utf8) : []
        let rest = prefix + segment[start...]
        var end = rest.count
        while end > prefix.count {
            if let id = vocabulary.id(of: rest[..<end]) { return (id, start + end - prefix.count) }
            end -= 1
            while end > prefix.count, UTF8.isContinuation(rest[end]) { end -= 1 }
        }
        return nil
    }
}
