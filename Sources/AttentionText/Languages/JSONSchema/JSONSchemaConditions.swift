import AttentionFiles

/// What schemas without references and branches say together.
struct JSONSchemaConditions {
    /// Where the first of them stands; nil if there is none.
    let place: String?
    /// nil if nothing is said of them.
    private(set) var types: [String]?
    /// What `enum` and `const` leave; nil if there is neither.
    private(set) var values: [JSONValue]?
    private(set) var numbers = NumberConditions()
    private(set) var strings = StringConditions()
    private(set) var arrays = ArrayConditions()
    private(set) var objects = ObjectConditions()

    /// - Throws: `TextLanguageError` if a word says something other than it can.
    init(_ schemas: [JSONSchemaWords]) throws(TextLanguageError) {
        place = schemas.first?.part.place
        for schema in schemas {
            if let found = try schema.types(among: JSONSchemaLanguage.types) {
                types = types.map { Self.common($0, found) } ?? found
            }
            if let choices = try schema.array("enum") { keep(choices) }
            if let value = schema["const"] { keep([value]) }
            try numbers.add(schema)
            try strings.add(schema)
            try arrays.add(schema)
            try objects.add(schema)
        }
    }

    private mutating func keep(_ choices: [JSONValue]) {
        values = values.map { $0.filter { value in choices.contains { $0.isSame(as: value) } } } ?? choices
    }

    /// The types that both allow; an integer is a number.
    private static func common(_ first: [String], _ second: [String]) -> [String] {
        func allows(_ types: [String], _ type: String) -> Bool {
            types.contains(type) || type == "integer" && types.contains("number")
        }
        return JSONSchemaLanguage.types.filter { type in
            (first.contains(type) || second.contains(type)) && allows(first, type) && allows(second, type)
        }
    }

    /// Whether a value that is named fits all else that is said.
    /// - Throws: `TextLanguageError` if that depends on what lies in an array or an object.
    func admit(_ value: JSONValue) throws(TextLanguageError) -> Bool {
        if let types, !types.contains(where: value.isOf(type:)) { return false }
        switch value.withoutTables {
        case .number(let number): return numbers.admit(number)
        case .string(let text): return try strings.admit(text)
        case .array, .object:
            let isArray = value.isOf(type: "array")
            guard isArray ? arrays.saysNothing : objects.saysNothing else {
                throw .unfit(
                    "enum", at: place ?? "#", expected: "nothing beside it of what lies in arrays and objects",
                    found: "words that say it")
            }
            return true
        default: return true
        }
    }
}

/// How many items an array has, and what they may be.
struct ArrayConditions {
    private(set) var least = 0
    private(set) var most: Int?
    /// Of each schema that says something, its first items by place, and all others.
    private var items: [(places: [JSONSchemaPart], others: JSONSchemaPart?)] = []

    var saysNothing: Bool { least == 0 && most == nil && items.isEmpty }

    /// How many items have a say of their own.
    var placeCount: Int { items.map(\.places.count).max() ?? 0 }

    mutating func add(_ schema: JSONSchemaWords) throws(TextLanguageError) {
        let (low, high) = try schema.range("minItems", "maxItems")
        (least, most) = (max(least, low), [most, high].compactMap(\.self).min())
        if schema["prefixItems"] != nil || schema["items"] != nil {
            items.append((try schema.parts("prefixItems"), schema.part("items")))
        }
    }

    /// What must hold for the item at a place, or behind all that have one.
    func parts(at place: Int?) -> [JSONSchemaPart] {
        items.compactMap { schema in
            if let place, place < schema.places.count { schema.places[place] } else { schema.others }
        }
    }
}

/// Which members an object has, and what their values may be.
struct ObjectConditions {
    /// Where the first schema stands that says something of members.
    private(set) var place: String?
    private(set) var required: [(name: String, place: String)] = []
    /// Of each schema that says something, the values by name, and those of all other names; `properties` is nil where it is not said.
    private var members: [(properties: [(name: String, part: JSONSchemaPart)]?, others: JSONSchemaPart?)] = []

    var saysNothing: Bool { required.isEmpty && members.isEmpty }

    mutating func add(_ schema: JSONSchemaWords) throws(TextLanguageError) {
        for name in try schema.strings("required") where !required.contains(where: { $0.name == name }) {
            required.append((name, schema.part.place))
        }
        // Members are written that a schema names, or says something of: there are none that would not be evaluated.
        if let value = schema["unevaluatedProperties"] {
            guard case .bool = value else {
                throw .unfit(
                    "unevaluatedProperties", at: schema.part.place, expected: "true or false", found: value.summary)
            }
        }
        let properties = try schema.members("properties")?.map { member in
            (member.key, JSONSchemaPart(schema: member.value, place: "\(schema.part.place)/properties/\(member.key)"))
        }
        let others = schema.part("additionalProperties")
        guard properties != nil || others != nil else { return }
        place = place ?? schema.part.place
        members.append((properties, others))
    }

    /// The names that are given, in their order; where other members may be, those required of them too.
    var names: [String] {
        var names: [String] = []
        for name in members.flatMap({ $0.properties?.map(\.name) ?? [] }) where !names.contains(name) {
            names.append(name)
        }
        if others != nil { names += required.map(\.name).filter { !names.contains($0) } }
        return names
    }

    /// What must hold for a member.
    func parts(named name: String) -> [JSONSchemaPart] {
        members.compactMap { schema in schema.properties?.first { $0.name == name }?.part ?? schema.others }
    }

    /// What must hold for members that are not named; nil where none are written: where names are given, and nothing is said of others.
    var others: [JSONSchemaPart]? {
        let others = members.compactMap(\.others)
        return others.isEmpty && members.contains { $0.properties != nil } ? nil : others
    }
}
