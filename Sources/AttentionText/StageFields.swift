import AttentionFiles

/// The members of one JSON object in `tokenizer.json`, read field by field; every complaint names the stage and field.
package struct StageFields {
    /// Where the object stands, such as `normalizer Replace`.
    let stage: String
    let members: [JSONMember]

    init(stage: String, _ value: JSONValue) throws(TokenizerError) {
        guard case .object(let members) = value else {
            throw .invalidField(stage: stage, field: "", expected: "an object", found: value.summary)
        }
        self.stage = stage
        self.members = members
    }

    /// The value of `field`; `null` counts as absent.
    func value(_ field: String) -> JSONValue? {
        guard let value = members.last(where: { $0.key == field })?.value else { return nil }
        if case .null = value { return nil }
        return value
    }

    func error(_ field: String, expected: String) -> TokenizerError {
        .invalidField(stage: stage, field: field, expected: expected, found: value(field)?.summary ?? "nothing")
    }

    func required(_ field: String) throws(TokenizerError) -> JSONValue {
        guard let value = value(field) else { throw error(field, expected: "a value") }
        return value
    }

    func string(_ field: String, default fallback: String? = nil) throws(TokenizerError) -> String {
        guard let text = try optionalString(field) ?? fallback else { throw error(field, expected: "a string") }
        return text
    }

    func optionalString(_ field: String) throws(TokenizerError) -> String? {
        guard let value = value(field) else { return nil }
        guard case .string(let text) = value else { throw error(field, expected: "a string") }
        return text
    }

    func bool(_ field: String, default fallback: Bool? = nil) throws(TokenizerError) -> Bool {
        guard let value = try optionalBool(field) ?? fallback else { throw error(field, expected: "true or false") }
        return value
    }

    func optionalBool(_ field: String) throws(TokenizerError) -> Bool? {
        guard let value = value(field) else { return nil }
        guard case .bool(let flag) = value else { throw error(field, expected: "true or false") }
        return flag
    }

    /// A number from 0 to 2³¹ − 1.
    func count(_ field: String, default fallback: Int? = nil) throws(TokenizerError) -> Int {
        guard let value = value(field) else {
            guard let fallback else { throw error(field, expected: Self.countDescription) }
            return fallback
        }
        guard let count = Self.count(value) else { throw error(field, expected: Self.countDescription) }
        return count
    }

    /// The object in `field`, if there is one.
    func stage(_ field: String) throws(TokenizerError) -> StageFields? {
        guard let value = value(field) else { return nil }
        return try StageFields(stage: field, value)
    }

    func array(_ field: String) throws(TokenizerError) -> [JSONValue] {
        guard case .array(let values) = value(field) else { throw error(field, expected: "an array") }
        return values
    }

    func object(_ field: String) throws(TokenizerError) -> [JSONMember] {
        guard case .object(let members) = value(field) else { throw error(field, expected: "an object") }
        return members
    }

    /// The table in `field`, of one of these forms; an empty one will do for any with the same brackets.
    ///
    /// - Parameter misfit: the error for an entry of another kind: its key if it has one, its value, its position.
    func table(
        _ field: String, _ forms: [JSONTable.Form], misfit: (String, JSONValue, Int) -> TokenizerError
    ) throws(TokenizerError) -> JSONTable {
        let isObject = forms.contains(.members)
        let found = value(field)
        if case .table(let table)? = found {
            if forms.contains(table.form) || table.count == 0 && (table.form == .members) == isObject { return table }
        }
        switch found?.withoutTables {
        case .object(let members)? where isObject:
            if let wrong = members.firstIndex(where: { !JSONTable.Form.members.fits($0.value) }) {
                throw misfit(members[wrong].key, members[wrong].value, wrong)
            }
        case .array(let values)? where !isObject:
            let form = forms.first { form in values.first.map(form.fits) ?? true } ?? forms[0]
            if let wrong = values.firstIndex(where: { !form.fits($0) }) { throw misfit("", values[wrong], wrong) }
        default: break
        }
        throw error(field, expected: isObject ? "an object" : "an array")
    }

    /// The pieces of a vocabulary and their ids, `{"piece": id, …}`.
    func pieceIDs(_ field: String) throws(TokenizerError) -> Vocabulary {
        let members = try table(field, [.members]) { key, value, _ in
            .invalidField(stage: stage, field: key, expected: Self.countDescription, found: value.summary)
        }
        return try Vocabulary(members, stage: stage)
    }

    /// A single Unicode scalar.
    func scalar(_ field: String) throws(TokenizerError) -> Unicode.Scalar {
        let scalars = try string(field).unicodeScalars
        guard let scalar = scalars.first, scalars.count == 1 else { throw error(field, expected: "one character") }
        return scalar
    }

    /// A `{"String": "…"}` or `{"Regex": "…"}` pattern.
    func pattern(_ field: String) throws(TokenizerError) -> TextPattern {
        let pattern = try StageFields(stage: stage, try required(field))
        if case .string(let text) = pattern.value("String"), !text.isEmpty { return .text(Array(text.unicodeScalars)) }
        guard case .string(let text) = pattern.value("Regex"), !text.isEmpty else {
            throw error(field, expected: "{\"String\": \"…\"} or {\"Regex\": \"…\"} with a text that is not empty")
        }
        return .expression(try regularExpression(text))
    }

    /// The regular expression `text`, which this stage needs.
    func regularExpression(_ text: String) throws(TokenizerError) -> RegularExpression {
        do { return try RegularExpression(text) } catch {
            throw .unusablePattern(stage: stage, pattern: text, reason: error.reason, position: error.position)
        }
    }

    /// A number that may have a fraction.
    static func number(_ value: JSONValue) -> Double? {
        guard case .number(let number) = value else { return nil }
        return number.double
    }

    static let countDescription = "a whole number from 0 to 2147483647"

    static func count(_ value: JSONValue) -> Int? {
        guard case .number(let number) = value, let count: Int32 = number.exactly(), count >= 0 else { return nil }
        return Int(count)
    }
}
