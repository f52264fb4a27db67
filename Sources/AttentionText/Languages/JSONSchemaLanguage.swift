import AttentionFiles

/// Makes a language of a JSON schema: every schema that is referred to, and every value of a member, is a rule.
///
/// Source: JSON Schema, draft 2020-12, of which `kept` are the words.
struct JSONSchemaLanguage {
    private static let kept = [
        "type", "enum", "const", "anyOf", "$ref", "properties", "required", "additionalProperties", "items", "minItems",
        "maxItems", "minLength", "maxLength", "$defs", "definitions",
    ]
    /// What says nothing of which documents fit.
    private static let ignored: Set<String> = [
        "$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly",
        "writeOnly",
    ]
    private static let types = ["object", "array", "string", "number", "integer", "boolean", "null"]

    private let document: JSONValue
    var ruleTrees: [LanguageTree] = []
    /// The rules of schemas that were referred to.
    private var references: [String: Int] = [:]
    /// The rule of any value, once there is one.
    private var anyRule: Int?

    init(_ document: JSONValue) { self.document = document }

    /// The rules; the whole document fits the first.
    mutating func rules() throws(TextLanguageError) -> [LanguageTree] {
        ruleTrees = [.empty]
        references["#"] = 0
        ruleTrees[0] = try language(document, "#")
        return ruleTrees
    }

    /// A rule of its own for a language.
    mutating func rule(_ tree: LanguageTree) -> LanguageTree {
        ruleTrees.append(tree)
        return .rule(ruleTrees.count - 1)
    }

    /// What fits the schema that stands at this place.
    mutating func language(_ schema: JSONValue, _ place: String) throws(TextLanguageError) -> LanguageTree {
        switch schema {
        case .bool(true): return any()
        case .bool(false): return .choice([])
        default: break
        }
        let schema = try JSONSchemaWords(schema, at: place, kept: Self.kept, ignored: Self.ignored)
        for word in ["$ref", "anyOf"] where schema[word] != nil {
            if let other = schema.names.first(where: { $0 != word && $0 != "$defs" && $0 != "definitions" }) {
                throw .unfit(word, at: place, expected: "no other words beside it", found: "\"\(other)\"")
            }
        }
        if let pointer = try schema.string("$ref") { return try referred(pointer, place) }
        if let branches = try schema.array("anyOf") {
            var trees: [LanguageTree] = []
            for (index, branch) in branches.enumerated() {
                trees.append(try language(branch, "\(place)/anyOf/\(index)"))
            }
            return .choice(trees)
        }
        let types = try schema.types(among: Self.types)
        if let value = schema["const"] { return values([value], types) }
        if let choices = try schema.array("enum") { return values(choices, types) }
        guard let types else {
            if schema.names.allSatisfy({ $0 == "$defs" || $0 == "definitions" }) { return any() }
            throw .unfit("type", at: place, expected: "one of \(Self.types.joined(separator: ", "))", found: "none")
        }
        var trees: [LanguageTree] = []
        for type in types { trees.append(try language(ofType: type, schema)) }
        return .choice(trees)
    }

    private mutating func language(
        ofType type: String, _ schema: JSONSchemaWords
    ) throws(TextLanguageError) -> LanguageTree {
        switch type {
        case "null": return .text("null")
        case "boolean": return .choice([.text("true"), .text("false")])
        case "integer": return JSONTexts.integer
        case "number": return JSONTexts.number
        case "string":
            let (least, most) = try schema.range("minLength", "maxLength")
            return JSONTexts.quoted(.repetition(JSONTexts.character, minimum: least, maximum: most))
        case "array": return try array(schema)
        default: return try object(schema)
        }
    }

    /// These values as they are written, those of other types left out.
    private func values(_ values: [JSONValue], _ types: [String]?) -> LanguageTree {
        .choice(
            values.filter { value in types.map { $0.contains { value.isOf(type: $0) } } ?? true }.map {
                .text(String(decoding: JSONWriter.write($0, as: .compact), as: UTF8.self))
            })
    }

    private mutating func referred(_ pointer: String, _ place: String) throws(TextLanguageError) -> LanguageTree {
        if let number = references[pointer] { return .rule(number) }
        var target: JSONValue? = pointer.hasPrefix("#/") ? document : nil
        for part in pointer.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
            let name = part.replacing("~1", with: "/").replacing("~0", with: "~")
            guard case .object(let members)? = target else {
                target = nil
                break
            }
            target = members.first { $0.key == name }?.value
        }
        guard let target else {
            throw .unfit("$ref", at: place, expected: "a place in the schema, such as #/$defs/name", found: pointer)
        }
        // The number is known before the rule is, since the schema may refer to itself.
        ruleTrees.append(.empty)
        let number = ruleTrees.count - 1
        references[pointer] = number
        ruleTrees[number] = try language(target, pointer)
        return .rule(number)
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
