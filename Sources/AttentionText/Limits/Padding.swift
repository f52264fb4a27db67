import AttentionFiles

/// How shorter texts of a batch are filled up.
public struct Padding: Sendable, Equatable {
    /// How long texts become.
    public enum Length: Sendable, Equatable {
        /// As long as the longest of the batch.
        case longest
        case fixed(Int)
    }

    public let length: Length
    /// The end at which padding is put.
    public let direction: Truncation.Direction
    /// The length is rounded up to a multiple of this, if given.
    public let multiple: Int?
    public let id: Int
    public let typeID: Int
    public let piece: String

    /// Padding with `piece`, whose id is `id`.
    public init(
        length: Length = .longest, direction: Truncation.Direction = .right, multiple: Int? = nil, id: Int,
        typeID: Int = 0, piece: String
    ) {
        self.length = length
        self.direction = direction
        self.multiple = multiple
        self.id = id
        self.typeID = typeID
        self.piece = piece
    }

    init(_ fields: StageFields) throws(TokenizerError) {
        switch fields.value("strategy") {
        case .string("BatchLongest"): length = .longest
        case .some(let value):
            length = .fixed(try Self.length("Fixed", try StageFields(stage: fields.stage, value)))
        case nil: throw fields.error("strategy", expected: "\"BatchLongest\" or {\"Fixed\": a length}")
        }
        guard let direction = Truncation.Direction(rawValue: try fields.string("direction", default: "Right")) else {
            throw fields.error("direction", expected: "Left or Right")
        }
        self.direction = direction
        multiple =
            fields.value("pad_to_multiple_of") == nil ? nil : try Self.length("pad_to_multiple_of", fields)
        id = try fields.count("pad_id", default: 0)
        typeID = try fields.count("pad_type_id", default: 0)
        piece = try fields.string("pad_token")
    }

    /// A length that texts are made to have. Only a damaged file asks for more than a million tokens, and would get them.
    private static func length(_ field: String, _ fields: StageFields) throws(TokenizerError) -> Int {
        let count = try fields.count(field)
        guard count <= 1 << 20 else { throw fields.error(field, expected: "a whole number from 0 to 1048576") }
        return count
    }

    var json: JSONValue {
        let strategy: JSONValue =
            switch length {
            case .longest: "BatchLongest"
            case .fixed(let count): .object([JSONMember("Fixed", .number(JSONNumber(count)))])
            }
        return .object([
            JSONMember("strategy", strategy), JSONMember("direction", .string(direction.rawValue)),
            JSONMember("pad_to_multiple_of", multiple.map { .number(JSONNumber($0)) } ?? .null),
            JSONMember("pad_id", .number(JSONNumber(id))), JSONMember("pad_type_id", .number(JSONNumber(typeID))),
            JSONMember("pad_token", .string(piece)),
        ])
    }

    /// The texts of a batch, all filled up to one length; windows beyond the first, too.
    func apply(_ batch: [TokenSequence]) -> [TokenSequence] {
        var target =
            switch length {
            case .longest: batch.map(\.tokens.count).max() ?? 0
            case .fixed(let count): count
            }
        if let multiple, multiple > 0, target % multiple > 0 { target += multiple - target % multiple }
        return batch.map { sequence in
            var sequence = sequence
            sequence.changeTokens { fill(&$0, to: target) }
            return sequence
        }
    }

    private func fill(_ tokens: inout [Token], to count: Int) {
        guard tokens.count < count else { return }
        let filling = repeatElement(Token(id: id, typeID: typeID, origin: .padding), count: count - tokens.count)
        tokens.insert(contentsOf: filling, at: direction == .left ? 0 : tokens.count)
    }
}
