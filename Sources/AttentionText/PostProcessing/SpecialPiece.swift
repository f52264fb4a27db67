import AttentionFiles

/// A special token that a post-processor puts in: `["[SEP]", 102]` in the file.
struct SpecialPiece: Sendable {
    let piece: String
    let id: Int

    init(_ piece: String, id: Int) {
        self.piece = piece
        self.id = id
    }

    init(_ fields: StageFields, _ field: String) throws(TokenizerError) {
        let pair = try fields.array(field)
        guard pair.count == 2, case .string(let piece) = pair[0], let id = StageFields.count(pair[1]) else {
            throw fields.error(field, expected: "a piece and its id")
        }
        self.piece = piece
        self.id = id
    }

    func token(type: Int) -> Token {
        Token(id: id, typeID: type, origin: .special)
    }

    var json: JSONValue { .array([.string(piece), .number(JSONNumber(id))]) }
}
