import AttentionFiles

/// Arrays and objects.
extension JSONSchemaLanguage {
    /// Names that others must differ from are followed letter by letter.
    private static let nameLimit = 500

    /// The first items as the schemas say for their places, the others as they say for all.
    mutating func array(_ conditions: ArrayConditions) throws(TextLanguageError) -> LanguageTree {
        let (least, most) = (conditions.least, conditions.most)
        guard least <= most ?? least else { return .choice([]) }
        let placeCount = min(conditions.placeCount, most ?? .max)
        let other = rule(try language(conditions.parts(at: nil)))
        guard placeCount > 0 else { return JSONTexts.list(other, least: least, most: most, "[", "]") }
        var rest = LanguageTree.repetition(
            .sequence([JSONTexts.comma, other]), minimum: max(0, least - placeCount),
            maximum: most.map { $0 - placeCount })
        for place in (0..<placeCount).reversed() {
            let item = rule(try language(conditions.parts(at: place)))
            let items = LanguageTree.sequence([place == 0 ? item : .sequence([JSONTexts.comma, item]), rest])
            rest = rule(place < least ? items : .optional(items))
        }
        return .sequence([.text("["), rest, .text("]")])
    }

    /// The members that the schemas name, in their order, of which those that are not required may be left out; then others, if a schema says
    /// what they may be.
    mutating func object(_ conditions: ObjectConditions) throws(TextLanguageError) -> LanguageTree {
        let names = conditions.names
        if let missing = conditions.required.first(where: { !names.contains($0.name) }) {
            throw .unfit(
                "required", at: missing.place, expected: "names of properties", found: "\"\(missing.name)\"")
        }
        var (rest, beginnings): (LanguageTree, [LanguageTree]) = (.empty, [])
        if let parts = conditions.others {
            if let long = names.first(where: { $0.utf8.count > Self.nameLimit }) {
                throw .unfit(
                    "properties", at: conditions.place ?? "#",
                    expected: "names of at most \(Self.nameLimit) bytes where there may be others",
                    found: "one of \(long.utf8.count)")
            }
            let member = rule(JSONTexts.member(JSONTexts.name(except: names), try language(parts)))
            rest = rule(.any(.sequence([JSONTexts.comma, member])))
            beginnings = [.sequence([member, rest])]
        }
        // What may follow behind each member, from the last on.
        for name in names.reversed() {
            let value = try language(conditions.parts(named: name))
            let member = rule(JSONTexts.member(JSONTexts.value(.string(name)), value))
            let isRequired = conditions.required.contains { $0.name == name }
            if isRequired { beginnings = [] }
            beginnings.append(.sequence([member, rest]))
            let next = LanguageTree.sequence([JSONTexts.comma, member])
            rest = rule(.sequence([isRequired ? next : .optional(next), rest]))
        }
        if conditions.required.isEmpty { beginnings.append(.empty) }
        return .sequence([.text("{"), .choice(beginnings), .text("}")])
    }
}
