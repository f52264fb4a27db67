import AttentionFiles

/// A schema, and where it stands in the document, such as `#/properties/name`.
struct JSONSchemaPart {
    let schema: JSONValue
    let place: String

    /// The same for schemas that say the same.
    var text: String { String(decoding: JSONWriter.write(schema, as: .compact), as: UTF8.self) }
}

/// The words of one schema, read by name.
struct JSONSchemaWords {
    /// Larger counts would need more states than are sensible.
    static let countLimit = 10_000

    private let place: String
    private let words: [JSONMember]

    /// - Throws: `TextLanguageError` if it is no object, or has a word that is not known.
    init(_ part: JSONSchemaPart) throws(TextLanguageError) {
        guard case .object(let members) = part.schema.withoutTables else {
            throw .unfit("schema", at: part.place, expected: "an object", found: part.schema.summary)
        }
        self.init(place: part.place, words: members.filter { !JSONSchemaLanguage.ignored.contains($0.key) })
        let kept = JSONSchemaLanguage.kept
        if let unknown = words.first(where: { !kept.contains($0.key) }) {
            throw .unknownWord(unknown.key, at: place, nearest: NearestName.of(unknown.key, among: kept))
        }
    }

    private init(place: String, words: [JSONMember]) { (self.place, self.words) = (place, words) }

    var names: [String] { words.map(\.key) }

    /// The words as a schema.
    var part: JSONSchemaPart { JSONSchemaPart(schema: .object(words), place: place) }

    subscript(word: String) -> JSONValue? { words.first { $0.key == word }?.value }

    func without(_ names: Set<String>) -> JSONSchemaWords {
        JSONSchemaWords(place: place, words: words.filter { !names.contains($0.key) })
    }

    func only(_ names: Set<String>) -> JSONSchemaWords {
        JSONSchemaWords(place: place, words: words.filter { names.contains($0.key) })
    }

    private func unfit(_ word: String, _ expected: String, _ found: JSONValue) -> TextLanguageError {
        .unfit(word, at: place, expected: expected, found: found.summary)
    }

    func string(_ word: String) throws(TextLanguageError) -> String? {
        guard let value = self[word] else { return nil }
        guard case .string(let text) = value else { throw unfit(word, "a string", value) }
        return text
    }

    func number(_ word: String) throws(TextLanguageError) -> JSONNumber? {
        guard let value = self[word] else { return nil }
        guard case .number(let number) = value, abs(number.double) < 1e18 else {
            throw unfit(word, "a number of at most 18 digits before the point", value)
        }
        return number
    }

    /// A whole number that is not 0, by which others can be divided; nil if nothing is said.
    func divisor(_ word: String) throws(TextLanguageError) -> Int? {
        guard let value = self[word] else { return nil }
        guard case .number(let number) = value, let count: Int = number.exactly(), 1...Self.countLimit ~= count else {
            throw unfit(word, "a whole number from 1 to \(Self.countLimit)", value)
        }
        return count
    }

    func array(_ word: String) throws(TextLanguageError) -> [JSONValue]? {
        guard let value = self[word] else { return nil }
        guard case .array(let items) = value.withoutTables, !items.isEmpty else {
            throw unfit(word, "an array that is not empty", value)
        }
        return items
    }

    /// A schema.
    func part(_ word: String) -> JSONSchemaPart? {
        self[word].map { JSONSchemaPart(schema: $0, place: "\(place)/\(word)") }
    }

    /// Schemas; none if nothing is said.
    func parts(_ word: String) throws(TextLanguageError) -> [JSONSchemaPart] {
        try array(word)?.enumerated().map { JSONSchemaPart(schema: $0.element, place: "\(place)/\(word)/\($0.offset)") }
            ?? []
    }

    func members(_ word: String) throws(TextLanguageError) -> [JSONMember]? {
        guard let value = self[word] else { return nil }
        guard case .object(let members) = value.withoutTables else { throw unfit(word, "an object", value) }
        return members
    }

    func strings(_ word: String) throws(TextLanguageError) -> [String] {
        guard let value = self[word] else { return [] }
        guard case .array(let items) = value.withoutTables else { throw unfit(word, "an array of strings", value) }
        var strings: [String] = []
        for item in items {
            guard case .string(let text) = item else { throw unfit(word, "an array of strings", item) }
            strings.append(text)
        }
        return strings
    }

    /// A least and a most number.
    func range(_ least: String, _ most: String) throws(TextLanguageError) -> (Int, Int?) {
        let (low, high) = (try count(least) ?? 0, try count(most))
        if let high, high < low {
            throw .unfit(most, at: place, expected: "at least \(least), \(low)", found: "\(high)")
        }
        return (low, high)
    }

    private func count(_ word: String) throws(TextLanguageError) -> Int? {
        guard let value = self[word] else { return nil }
        guard case .number(let number) = value, let count: Int = number.exactly(), (0...Self.countLimit).contains(count)
        else {
            throw unfit(word, "a whole number from 0 to \(Self.countLimit)", value)
        }
        return count
    }

    /// The types, one or several; nil if nothing is said.
    func types(among known: [String]) throws(TextLanguageError) -> [String]? {
        guard let value = self["type"] else { return nil }
        let types = if case .string(let type) = value { [type] } else { try strings("type") }
        if let unknown = types.first(where: { !known.contains($0) }) {
            throw .unfit(
                "type", at: place, expected: "one of \(known.joined(separator: ", "))", found: "\"\(unknown)\"")
        }
        return types
    }
}

extension JSONValue {
    /// Whether JSON Schema calls it so.
    func isOf(type: String) -> Bool {
        switch self {
        case .null: type == "null"
        case .bool: type == "boolean"
        case .number(let number): type == "number" || type == "integer" && number.double == number.double.rounded()
        case .string: type == "string"
        case .array: type == "array"
        case .object: type == "object"
        case .table(let table): table.tree.isOf(type: type)
        }
    }

    /// Whether JSON Schema calls both the same: members in any order.
    func isSame(as other: JSONValue) -> Bool {
        switch (withoutTables, other.withoutTables) {
        case (.array(let first), .array(let second)):
            first.count == second.count && zip(first, second).allSatisfy { $0.isSame(as: $1) }
        case (.object(let first), .object(let second)):
            first.count == second.count
                && first.allSatisfy { member in
                    second.contains {
                        $0.key.utf8.elementsEqual(member.key.utf8) && $0.value.isSame(as: member.value)
                    }
                }
        case (let first, let second): first == second
        }
    }
}
