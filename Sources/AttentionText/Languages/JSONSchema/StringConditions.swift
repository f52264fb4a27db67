/// What the strings of schemas may be: so many characters, in which all these patterns are found.
struct StringConditions {
    private(set) var least = 0
    private(set) var most: Int?
    private(set) var patterns: [RegularExpressionTree] = []

    mutating func add(_ schema: JSONSchemaWords) throws(TextLanguageError) {
        let (low, high) = try schema.range("minLength", "maxLength")
        (least, most) = (max(least, low), [most, high].compactMap(\.self).min())
        if let pattern = try schema.string("pattern") {
            try add(pattern, of: "pattern", at: schema.part.place)
        }
        if let name = try schema.string("format") {
            guard let format = StringFormats.patterns[name] else {
                throw .unfit(
                    "format", at: schema.part.place,
                    expected: "one of \(StringFormats.patterns.keys.sorted().joined(separator: ", "))",
                    found: "\"\(name)\"")
            }
            try add(format, of: "format", at: schema.part.place)
        }
    }

    private mutating func add(_ pattern: String, of word: String, at place: String) throws(TextLanguageError) {
        do { patterns.append(try RegularExpressionParser.parse(pattern, as: .ecmaScript)) } catch {
            throw .unfit(
                word, at: place, expected: "a regular expression that needs no backtracking",
                found: "\(error.reason) at character \(error.position) of \"\(pattern)\"")
        }
    }

    /// Whether a string fits.
    /// - Throws: `TextLanguageError` if the patterns are too large.
    func admit(_ text: String) throws(TextLanguageError) -> Bool {
        let count = text.unicodeScalars.count
        guard count >= least, count <= most ?? count else { return false }
        if patterns.isEmpty { return true }
        return try StringAutomaton(self).accepts(text)
    }
}
