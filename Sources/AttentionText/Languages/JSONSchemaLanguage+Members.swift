import AttentionFiles

/// Arrays and objects.
extension JSONSchemaLanguage {
    mutating func array(_ schema: JSONSchemaWords) throws(TextLanguageError) -> LanguageTree {
        let (least, most) = try schema.range("minItems", "maxItems")
        let item: LanguageTree
        if let items = schema["items"] {
            let tree = try language(items, schema.place + "/items")
            item = rule(tree)
        } else {
            item = any()
        }
        return JSONTexts.list(item, least: least, most: most, "[", "]")
    }

    /// The members that the schema names, in its order; those that are not required may be left out.
    mutating func object(_ schema: JSONSchemaWords) throws(TextLanguageError) -> LanguageTree {
        let properties = try schema.members("properties") ?? []
        let required = try schema.strings("required")
        if let missing = required.first(where: { name in !properties.contains { $0.key == name } }) {
            throw .unfit("required", at: schema.place, expected: "names of properties", found: "\"\(missing)\"")
        }
        if properties.isEmpty { return try dictionary(schema) }
        if let others = schema["additionalProperties"], others != .bool(false) {
            throw .unfit(
                "additionalProperties", at: schema.place, expected: "false beside properties", found: others.summary)
        }
        var members: [(tree: LanguageTree, isRequired: Bool)] = []
        for property in properties {
            let value = try language(property.value, "\(schema.place)/properties/\(property.key)")
            let name = LanguageTree.text(
                String(decoding: JSONWriter.write(.string(property.key), as: .compact), as: UTF8.self))
            members.append((rule(JSONTexts.member(name, value)), required.contains(property.key)))
        }
        // What may follow behind each member, from the last on.
        var rest = LanguageTree.empty
        var beginnings: [LanguageTree] = []
        for (tree, isRequired) in members.reversed() {
            if isRequired { beginnings = [] }
            beginnings.append(.sequence([tree, rest]))
            let next = LanguageTree.sequence([JSONTexts.comma, tree])
            rest = rule(.sequence([isRequired ? next : .optional(next), rest]))
        }
        if !members.contains(where: \.isRequired) { beginnings.append(.empty) }
        return .sequence([.text("{"), .choice(beginnings), .text("}")])
    }

    /// Any members, all of the same kind.
    private mutating func dictionary(_ schema: JSONSchemaWords) throws(TextLanguageError) -> LanguageTree {
        guard let others = schema["additionalProperties"] else {
            return schema["properties"] == nil ? dictionary(of: any()) : .text("{}")
        }
        if others == .bool(false) { return .text("{}") }
        let value = try language(others, schema.place + "/additionalProperties")
        return dictionary(of: rule(value))
    }

    private func dictionary(of value: LanguageTree) -> LanguageTree {
        JSONTexts.list(JSONTexts.member(JSONTexts.string, value), least: 0, most: nil, "{", "}")
    }
}
