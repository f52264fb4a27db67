package import AttentionFiles

/// Pieces as another model cuts them, under the ids of a vocabulary of its own: Marian's folders cut by one SentencePiece model for each language,
/// and number the pieces of both together.
package struct RenumberedSubwords: SubwordModel {
    package static let name = "RenumberedSubwords"

    private let base: any SubwordModel
    package let vocabulary: Vocabulary
    package let specialIDs: Set<Int>
    private let unknown: Int
    /// The new id of each of the base's.
    private let ids: [Int]

    /// The pieces of `base` with the ids of `vocabulary`; those that have none there are `unknown`.
    init(_ base: any SubwordModel, vocabulary: Vocabulary, unknown: Int, special: Set<Int>) {
        (self.base, self.vocabulary, self.unknown) = (base, vocabulary, unknown)
        ids = (0..<base.vocabulary.count).map { id in
            base.vocabulary.bytes(of: id).flatMap { vocabulary.id(of: $0) } ?? unknown
        }
        specialIDs = special
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        let vocabulary = try fields.pieceIDs("vocab")
        let special = try fields.array("special_ids").compactMap(StageFields.count)
        self.init(
            try SubwordModels.read(try fields.required("base")), vocabulary: vocabulary,
            unknown: try fields.count("unk_id"), special: Set(special))
    }

    package var members: [JSONMember] {
        [
            JSONMember("base", base.json), JSONMember("vocab", vocabulary.json),
            JSONMember("unk_id", .number(JSONNumber(unknown))),
            JSONMember("special_ids", .array(specialIDs.sorted().map { .number(JSONNumber($0)) })),
        ]
    }

    package func subwords(of segment: [UInt8]) -> [Subword] {
        base.subwords(of: segment).map { piece in
            Subword(id: ids[Int(piece.id)], start: Int(piece.start), end: Int(piece.end), isUnspelt: piece.isUnspelt)
        }
    }
}
