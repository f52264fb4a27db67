package import AttentionFiles

/// `[CLS]` before the text and `[SEP]` after it.
package struct BertProcessing: PostProcessor {
    package static let name = "BertProcessing"

    private let separator: (piece: String, id: Int)
    private let classifier: (piece: String, id: Int)

    package init(_ fields: StageFields) throws(TokenizerError) {
        separator = try Self.pieceAndID(fields, "sep")
        classifier = try Self.pieceAndID(fields, "cls")
    }

    private static func pieceAndID(
        _ fields: StageFields, _ field: String
    ) throws(TokenizerError) -> (piece: String, id: Int) {
        let pair = try fields.array(field)
        guard pair.count == 2, case .string(let piece) = pair[0], let id = StageFields.count(pair[1]) else {
            throw fields.error(field, expected: "a piece and its id")
        }
        return (piece, id)
    }

    package var members: [JSONMember] {
        [
            JSONMember("sep", .array([.string(separator.piece), .number(Double(separator.id))])),
            JSONMember("cls", .array([.string(classifier.piece), .number(Double(classifier.id))])),
        ]
    }

    package func process(_ tokens: [Token]) -> [Token] {
        [Token(id: classifier.id, word: nil)] + tokens + [Token(id: separator.id, word: nil)]
    }
}
