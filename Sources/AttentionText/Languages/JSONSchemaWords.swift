import AttentionFiles

/// The words of one schema, read by name.
struct JSONSchemaWords {
    /// Larger counts would need more states than are sensible.
    private static let countLimit = 10_000

    /// Where it stands in the document, such as `#/properties/name`.
    let place: String
    private let words: [JSONMember]

    /// - Throws: `TextLanguageError` if it is no object, or has a word that is not known.
    init(_ schema: JSONValue, at place: String, kept: [String], ignored: Set<String>) throws(TextLanguageError) {
        guard case .object(let members) = schema else {
            throw .unfit("schema", at: place, expected: "an object", found: schema.summary)
        }
        self.place = place
        words = members.filter { !ignored.contains($0.key) }
        if let unknown = words.first(where: { !kept.contains($0.key) }) {
            throw .unknownWord(unknown.key, at: place, nearest: NearestName.of(unknown.key, among: kept))
        }
    }

    var names: [String] { words.map(\.key) }

    subscript(word: String) -> JSONValue? { words.first { $0.key == word }?.value }

    private func unfit(_ word: String, _ expected: String, _ found: JSONValue) -> TextLanguageError {
        .unfit(word, at: place, expected: expected, found: found.summary)
    }

    func string(_ word: String) throws(TextLanguageError) -> String? {
        guard let value = self[word] else { return nil }
        guard case .string(let text) = value else { throw unfit(word, "a string", value) }
        return text
    }

    func array(_ word: String) throws(TextLanguageError) -> [JSONValue]? {
        guard let value = self[word] else { return nil }
        guard case .array(let items) = value.withoutTables, !items.isEmpty else {
            throw unfit(word, "an array that is not empty", value)
        }
        return items
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
}
