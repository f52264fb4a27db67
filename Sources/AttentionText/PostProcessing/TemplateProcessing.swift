package import AttentionFiles

/// Special tokens around the text after a template, such as `$A </s>`.
package struct TemplateProcessing: PostProcessor {
    package static let name = "TemplateProcessing"

    private enum Part {
        case text
        case special([Int])
    }

    private let template: [Part]
    /// As read: the template for pairs, which is not used here, is written back.
    package let members: [JSONMember]

    /// The template `$A suffix`.
    init(suffix: String, id: Int) {
        let ending: JSONValue = .object([
            JSONMember("SpecialToken", .object([JSONMember("id", .string(suffix)), JSONMember("type_id", 0)]))
        ])
        func sequence(_ name: JSONValue, type: JSONValue) -> JSONValue {
            .object([JSONMember("Sequence", .object([JSONMember("id", name), JSONMember("type_id", type)]))])
        }
        template = [.text, .special([id])]
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
                            JSONMember("ids", .array([.number(Double(id))])),
                            JSONMember("tokens", .array([.string(suffix)])),
                        ]))
                ])),
        ]
    }

    package init(_ fields: StageFields) throws(TokenizerError) {
        let ids = try Self.specialIDs(fields)
        var template: [Part] = []
        for value in try fields.array("single") {
            let part = try StageFields(stage: fields.stage, value)
            if part.value("Sequence") != nil {
                template.append(.text)
                continue
            }
            let special = try StageFields(stage: fields.stage, try part.required("SpecialToken"))
            let piece = try special.string("id")
            guard let known = ids.last(where: { $0.piece == piece }) else {
                throw fields.error("special_tokens", expected: "an entry for \"\(piece)\"")
            }
            template.append(.special(known.ids))
        }
        self.template = template
        members = fields.members.filter { $0.key != "type" }
    }

    private static func specialIDs(_ fields: StageFields) throws(TokenizerError) -> [(piece: String, ids: [Int])] {
        var result: [(piece: String, ids: [Int])] = []
        for member in try fields.object("special_tokens") {
            let entry = try StageFields(stage: fields.stage, member.value)
            let values = try entry.array("ids")
            let ids = values.compactMap(StageFields.count)
            guard ids.count == values.count else { throw entry.error("ids", expected: "an array of ids") }
            result.append((member.key, ids))
        }
        return result
    }

    package func process(_ tokens: [Token]) -> [Token] {
        template.flatMap { part in
            switch part {
            case .text: tokens
            case .special(let ids): ids.map { Token(id: $0, word: nil) }
            }
        }
    }
}
