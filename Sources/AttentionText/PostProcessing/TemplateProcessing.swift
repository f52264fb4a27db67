package import AttentionFiles

/// Special tokens around the text after a template, such as `$A </s>`; another for a text and its pair.
package struct TemplateProcessing: PostProcessor {
    package static let name = "TemplateProcessing"

    private enum Part {
        /// The text (0) or its pair (1).
        case text(Int, type: Int)
        case special([(piece: String, id: Int)], type: Int)
    }

    private let single: [Part]
    private let pair: [Part]
    package let members: [JSONMember]

    /// The template `$A suffix`, and `$A suffix $B suffix` for pairs.
    init(suffix: String, id: Int) {
        let ending: JSONValue = .object([
            JSONMember("SpecialToken", .object([JSONMember("id", .string(suffix)), JSONMember("type_id", 0)]))
        ])
        func sequence(_ name: JSONValue, type: JSONValue) -> JSONValue {
            .object([JSONMember("Sequence", .object([JSONMember("id", name), JSONMember("type_id", type)]))])
        }
        single = [.text(0, type: 0), .special([(suffix, id)], type: 0)]
        pair = single + [.text(1, type: 1), .special([(suffix, id)], type: 0)]
        members = [
            JSONMember("single", .array([sequence("A", type: 0), ending])),
            JSONMember("pair", .array([sequence("A", type: 0), ending, sequence("B", type: 1), ending])),
            JSONMember(
                "special_tokens",
                .object([
                    JSONMember(
                        suffix,
                        .object([
                            JSONMember("id", .string(suffix)),
                            JSONMember("ids", .array([.number(JSONNumber(id))])),
                            JSONMember("tokens", .array([.string(suffix)])),
                        ]))
                ])),
        ]
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        let specials = try Self.specials(fields)
        single = try Self.template(fields, "single", specials)
        pair = fields.value("pair") == nil ? [] : try Self.template(fields, "pair", specials)
        members = fields.members.filter { $0.key != "type" }
    }

    private typealias Special = (piece: String, tokens: [(piece: String, id: Int)])

    private static func template(
        _ fields: StageFields, _ field: String, _ specials: [Special]
    ) throws(TokenizerError) -> [Part] {
        var template: [Part] = []
        for value in try fields.array(field) {
            let part = try StageFields(stage: fields.stage, value)
            if let value = part.value("Sequence") {
                let text = try StageFields(stage: fields.stage, value)
                let isPair = try text.string("id", default: "A") == "B"
                template.append(.text(isPair ? 1 : 0, type: try text.count("type_id", default: 0)))
                continue
            }
            let special = try StageFields(stage: fields.stage, try part.required("SpecialToken"))
            let piece = try special.string("id")
            guard let known = specials.last(where: { $0.piece == piece }) else {
                throw fields.error("special_tokens", expected: "an entry for \"\(piece)\"")
            }
            template.append(.special(known.tokens, type: try special.count("type_id", default: 0)))
        }
        return template
    }

    private static func specials(_ fields: StageFields) throws(TokenizerError) -> [Special] {
        var result: [Special] = []
        for member in try fields.object("special_tokens") {
            let entry = try StageFields(stage: fields.stage, member.value)
            let values = try entry.array("ids")
            let ids = values.compactMap(StageFields.count)
            guard ids.count == values.count else { throw entry.error("ids", expected: "an array of ids") }
            var pieces: [String] = []
            if entry.value("tokens") != nil {
                for case .string(let piece) in try entry.array("tokens") { pieces.append(piece) }
            }
            let tokens = ids.indices.map { (pieces.indices.contains($0) ? pieces[$0] : member.key, ids[$0]) }
            result.append((member.key, tokens))
        }
        return result
    }

    package func process(_ parts: [TokenSequence], addingSpecialTokens: Bool) -> [TokenSequence] {
        (parts.count > 1 ? pair : single).compactMap { part in
            switch part {
            case .text(let index, let type):
                guard parts.indices.contains(index) else { return nil }
                var part = parts[index]
                part.tokens.setType(type)
                return part
            case .special(let tokens, let type):
                guard addingSpecialTokens else { return nil }
                return TokenSequence(Self.tokens(tokens, type: type))
            }
        }
    }

    private static func tokens(_ pieces: [(piece: String, id: Int)], type: Int) -> [Token] {
        pieces.map { Token(id: $0.id, typeID: type, origin: .special) }
    }

    package var spellings: [Int: String] {
        var spellings: [Int: String] = [:]
        for case .special(let pieces, _) in single + pair { for (piece, id) in pieces { spellings[id] = piece } }
        return spellings
    }

    package var frame: TextFrame? {
        var frame = TextFrame()
        var hasText = false
        for part in single {
            switch part {
            case .text(0, let type) where !hasText: (hasText, frame.typeID) = (true, Int32(truncatingIfNeeded: type))
            case .text: return nil
            case .special(let pieces, let type):
                if hasText {
                    frame.after += Self.tokens(pieces, type: type)
                } else {
                    frame.before += Self.tokens(pieces, type: type)
                }
            }
        }
        return hasText ? frame : nil
    }

    package func addedCount(isPair: Bool) -> Int {
        (isPair ? pair : single).reduce(0) { count, part in
            if case .special(let tokens, _) = part { count + tokens.count } else { count }
        }
    }
}
