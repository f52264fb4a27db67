import AttentionFiles

/// Makes a language of a JSON schema: every schema that is referred to, and every value of a member, is a rule.
///
/// Schemas that must hold together (`allOf`, what stands beside a reference or a branch) are merged word by word, so that whatever is written
/// fits all of them, and what fits two at once can be asked.
///
/// Source: JSON Schema, draft 2020-12, of which `kept` are the words.
struct JSONSchemaLanguage {
    static let kept = [
        "type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref", "properties", "required", "additionalProperties",
        "unevaluatedProperties", "items", "prefixItems", "minItems", "maxItems", "minLength", "maxLength", "pattern",
        "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ]
    /// What says nothing of which documents fit; definitions are read where they are referred to.
    static let ignored: Set<String> = [
        "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples",
        "deprecated", "readOnly", "writeOnly",
    ]
    static let types = ["object", "array", "string", "number", "integer", "boolean", "null"]

    private let document: JSONValue
    private(set) var ruleTrees: [LanguageTree] = []
    /// The rules of schemas by where they stand, and of those that hold together by what they say.
    private var numbers: [String: Int] = [:]
    /// The rule of any value, once there is one.
    private var anyRule: Int?

    init(_ document: JSONValue) { self.document = document }

    /// The rules; the whole document fits the first.
    mutating func rules() throws(TextLanguageError) -> [LanguageTree] {
        ruleTrees = [.empty]
        numbers["#"] = 0
        ruleTrees[0] = try language([JSONSchemaPart(schema: document, place: "#")])
        return ruleTrees
    }

    /// A rule of its own for a language.
    mutating func rule(_ tree: LanguageTree) -> LanguageTree {
        ruleTrees.append(tree)
        return .rule(ruleTrees.count - 1)
    }

    /// The rule of this name. It is known before what it stands for, which may refer to it.
    private mutating func rule(
        named name: String, _ tree: (inout JSONSchemaLanguage) throws(TextLanguageError) -> LanguageTree
    ) throws(TextLanguageError) -> LanguageTree {
        if let number = numbers[name] { return .rule(number) }
        guard ruleTrees.count < LanguageProgram.sizeLimit else { throw .tooLarge(limit: LanguageProgram.sizeLimit) }
        ruleTrees.append(.empty)
        let number = ruleTrees.count - 1
        numbers[name] = number
        ruleTrees[number] = try tree(&self)
        return .rule(number)
    }

    /// What fits all of these schemas.
    mutating func language(_ parts: [JSONSchemaPart]) throws(TextLanguageError) -> LanguageTree {
        var seen: Set<String> = []
        let parts = parts.filter { seen.insert($0.text).inserted }
        guard let first = parts.first else { return any() }
        guard parts.count > 1 else { return try language(of: first) }
        return try rule(named: seen.sorted().joined(separator: "\n")) {
            (builder: inout JSONSchemaLanguage) throws(TextLanguageError) in try builder.merged(parts)
        }
    }

    /// What fits one schema. References that stand alone are rules, so that a schema may lie in itself.
    private mutating func language(of part: JSONSchemaPart) throws(TextLanguageError) -> LanguageTree {
        if case .bool = part.schema { return try merged([part]) }
        let words = try JSONSchemaWords(part)
        if words.names == ["$ref"], let pointer = try words.string("$ref") {
            return try rule(named: pointer) { (builder: inout JSONSchemaLanguage) throws(TextLanguageError) in
                try builder.language([builder.target(of: pointer, part.place)])
            }
        }
        if words.names == ["allOf"] { return try language(try words.parts("allOf")) }
        return try merged([part])
    }

    /// What fits all of these, whose references and branches are followed.
    private mutating func merged(_ parts: [JSONSchemaPart]) throws(TextLanguageError) -> LanguageTree {
        var (plain, branchings): ([JSONSchemaWords], [JSONSchemaWords]) = ([], [])
        var (waiting, met): ([JSONSchemaPart], Set<String>) = (parts.reversed(), [])
        while let part = waiting.popLast() {
            if part.schema == true { continue }
            if part.schema == false { return .choice([]) }
            let words = try JSONSchemaWords(part)
            waiting += try words.parts("allOf").reversed()
            if let pointer = try words.string("$ref"), met.insert(pointer).inserted {
                waiting.append(try target(of: pointer, part.place))
            }
            for word in ["anyOf", "oneOf"] where words[word] != nil { branchings.append(words.only([word])) }
            let rest = words.without(["$ref", "allOf", "anyOf", "oneOf"])
            if !rest.names.isEmpty { plain.append(rest) }
        }
        guard let branching = branchings.last else { return try language(fitting: JSONSchemaConditions(plain)) }
        return try language(branching, beside: (plain + branchings.dropLast()).map(\.part))
    }

    /// What fits conditions that hold together.
    private mutating func language(
        fitting conditions: JSONSchemaConditions
    ) throws(TextLanguageError) -> LanguageTree {
        if let values = conditions.values {
            var trees: [LanguageTree] = []
            for value in values {
                if try conditions.admit(value) { trees.append(JSONTexts.value(value)) }
            }
            return .choice(trees)
        }
        guard let types = conditions.types else {
            guard let place = conditions.place else { return any() }
            throw .unfit("type", at: place, expected: "one of \(Self.types.joined(separator: ", "))", found: "none")
        }
        var trees: [LanguageTree] = []
        for type in types { trees.append(try language(ofType: type, conditions)) }
        return .choice(trees)
    }

    private mutating func language(
        ofType type: String, _ conditions: JSONSchemaConditions
    ) throws(TextLanguageError) -> LanguageTree {
        switch type {
        case "null": return .text("null")
        case "boolean": return .choice([.text("true"), .text("false")])
        case "integer", "number":
            var texts = NumberTexts(conditions.numbers, firstRule: ruleTrees.count)
            let tree = type == "integer" ? texts.integers : texts.numbers
            ruleTrees += texts.rules
            return tree
        case "string": return try string(conditions.strings)
        case "array": return try array(conditions.arrays)
        default: return try object(conditions.objects)
        }
    }

    private mutating func string(_ conditions: StringConditions) throws(TextLanguageError) -> LanguageTree {
        guard conditions.least <= conditions.most ?? conditions.least else { return .choice([]) }
        guard !conditions.patterns.isEmpty else {
            let character = rule(JSONTexts.character)
            return JSONTexts.quoted(.repetition(character, minimum: conditions.least, maximum: conditions.most))
        }
        let automaton = try StringAutomaton(conditions)
        let first = ruleTrees.count
        ruleTrees += try automaton.rules(from: first)
        return .sequence([.text("\""), .rule(first)])
    }

    /// The schema at a place of the document.
    private func target(of pointer: String, _ place: String) throws(TextLanguageError) -> JSONSchemaPart {
        var target: JSONValue? = pointer == "#" || pointer.hasPrefix("#/") ? document : nil
        for part in pointer.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) where pointer != "#" {
            let name = part.replacing("~1", with: "/").replacing("~0", with: "~")
            switch target?.withoutTables {
            case .object(let members)?: target = members.first { $0.key == name }?.value
            case .array(let items)?: target = Int(name).flatMap { items.indices.contains($0) ? items[$0] : nil }
            default: target = nil
            }
        }
        guard let target else {
            throw .unfit("$ref", at: place, expected: "a place in the schema, such as #/$defs/name", found: pointer)
        }
        return JSONSchemaPart(schema: target, place: pointer)
    }

    /// Any value at all.
    mutating func any() -> LanguageTree {
        if let anyRule { return .rule(anyRule) }
        ruleTrees.append(.empty)
        let number = ruleTrees.count - 1
        anyRule = number
        ruleTrees[number] = .choice([
            .text("null"), .text("true"), .text("false"), JSONTexts.number, JSONTexts.string,
            JSONTexts.list(.rule(number), least: 0, most: nil, "[", "]"),
            JSONTexts.list(JSONTexts.member(JSONTexts.string, .rule(number)), least: 0, most: nil, "{", "}"),
        ])
        return .rule(number)
    }
}
