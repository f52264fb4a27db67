package import AttentionFiles

/// Whole segments as they stand in the vocabulary, or unknown.
package struct WordLevel: SubwordModel {
    package static let name = "WordLevel"

    package let vocabulary: Vocabulary
    private let unknownPiece: String
    private let unknownID: Int

    package init(_ fields: StageFields) throws(TokenizerError) {
        vocabulary = try fields.pieceIDs("vocab")
        unknownPiece = try fields.string("unk_token")
        guard let id = vocabulary.id(of: unknownPiece) else {
            throw .missingPiece(stage: fields.stage, field: "unk_token", piece: unknownPiece)
        }
        unknownID = id
    }

    package var members: [JSONMember] {
        [JSONMember("vocab", vocabulary.json), JSONMember("unk_token", .string(unknownPiece))]
    }

    package func subwords(of segment: [UInt8]) -> [Subword] {
        [Subword(id: vocabulary.id(of: segment[...]) ?? unknownID, start: 0, end: segment.count)]
    }
}
