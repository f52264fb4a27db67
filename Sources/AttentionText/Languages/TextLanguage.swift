import AttentionFiles

/// A set of texts that an automaton can tell from all others, byte by byte: those that match a regular expression, or fit a JSON schema.
///
/// ```swift
/// let dates = try TextLanguage(regularExpression: "[0-9]{4}-[0-9]{2}")
/// dates.contains("2026-11")   // true
/// ```
public struct TextLanguage: Sendable {
    let program: LanguageProgram

    init(rules: [LanguageTree]) throws(TextLanguageError) { program = try LanguageProgram(rules: rules) }

    /// The texts that a pattern matches from beginning to end, in the syntax that `Tokenizer` reads; `^` before it and `$` behind it say nothing
    /// more.
    /// - Throws: `TextLanguageError` if it looks ahead, goes back or is too large, or nothing matches.
    public init(regularExpression pattern: String) throws(TextLanguageError) {
        var inner = pattern[...]
        if inner.hasPrefix("^") { inner.removeFirst() }
        let backslashes = inner.dropLast().reversed().prefix { $0 == "\\" }.count
        if inner.hasSuffix("$"), backslashes % 2 == 0 { inner.removeLast() }
        let tree: RegularExpressionTree
        do { tree = try RegularExpressionParser.parse(String(inner)) } catch {
            let skipped = inner.startIndex == pattern.startIndex ? 0 : 1
            throw .badPattern(pattern, reason: error.reason, position: error.position + skipped)
        }
        guard let language = tree.language else {
            throw .badPattern(pattern, reason: "a condition on what follows", position: 0)
        }
        try self.init(rules: [language])
    }

    /// The JSON documents that fit a schema, in one form each of many: members in the order of the schema, at most one space behind commas and
    /// colons, numbers with bounds without an exponent, strings with a pattern or a format without needless escapes.
    ///
    /// Of JSON Schema these words are kept: `type`, `enum`, `const`, `anyOf`, `oneOf` (where no document can fit two branches), `allOf`, `$ref`
    /// into the document, `properties`, `required`, `additionalProperties`, `unevaluatedProperties`, `items`, `prefixItems`, `minItems`,
    /// `maxItems`, `minLength`, `maxLength`, `pattern`, `format` (those of `StringFormats`), `minimum`, `maximum`, `exclusiveMinimum`,
    /// `exclusiveMaximum`, and `multipleOf` with whole numbers. Members that `properties` does not name are left out unless
    /// `additionalProperties` says what they may be.
    /// - Throws: `TextLanguageError` naming the word that is not kept, or what is wrong with one.
    public init(jsonSchema schema: [UInt8]) throws(TextLanguageError) {
        let document: JSONValue
        do { document = try JSONParser.parse(schema) } catch { throw .noJSON(reason: "\(error)") }
        var builder = JSONSchemaLanguage(document)
        try self.init(rules: try builder.rules())
    }

    /// Whether a text is one of them. Complexity: linear in the text.
    public func contains(_ text: String) -> Bool {
        var automaton = LanguageAutomaton(program)
        let end = automaton.next(LanguageAutomaton.start, text.utf8)
        return automaton.isAccepting(end)
    }
}

extension RegularExpressionTree {
    /// The bytes of what matches; nil if that depends on what follows.
    fileprivate var language: LanguageTree? {
        switch self {
        case .set(let set): return .scalars(set)
        case .sequence(let items):
            let parts = items.compactMap(\.language)
            return parts.count == items.count ? .sequence(parts) : nil
        case .choice(let branches):
            let parts = branches.compactMap(\.language)
            return parts.count == branches.count ? .choice(parts) : nil
        case .repetition(let item, let minimum, let maximum, _):
            return item.language.map { .repetition($0, minimum: minimum, maximum: maximum) }
        case .next: return nil
        }
    }
}
