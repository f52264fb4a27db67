import AttentionFiles

/// Makes statements of words.
struct TemplateParser {
    /// How deep expressions and blocks may lie in one another, and how many operators may follow one another.
    private static let depthLimit = 64
    static let chainLimit = 256

    private let tokens: [TemplateToken]
    private var position = 0
    private var depth = 0

    init(_ tokens: [TemplateToken]) { self.tokens = tokens }

    /// The whole of a template.
    mutating func template() throws(TemplateError) -> [TemplateStatement] {
        let body = try self.body(until: [])
        guard current.kind == .end else { throw error("the end of the template") }
        return body
    }

    // MARK: Words

    var current: TemplateToken { tokens[position] }
    var following: TemplateToken { tokens[min(position + 1, tokens.count - 1)] }
    var previous: TemplateToken { tokens[max(0, position - 1)] }
    var line: Int { current.line }

    mutating func advance() { if position < tokens.count - 1 { position += 1 } }

    func error(_ expected: String) -> TemplateError {
        TemplateError(line: line, .syntax(expected: expected, found: current.summary))
    }

    func isSymbol(_ symbol: String) -> Bool { current.kind == .symbol(symbol) }
    func isName(_ name: String) -> Bool { current.kind == .name(name) }

    mutating func skip(_ symbol: String) -> Bool {
        guard isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func skip(name: String) -> Bool {
        guard isName(name) else { return false }
        advance()
        return true
    }

    mutating func expect(_ symbol: String) throws(TemplateError) {
        guard skip(symbol) else { throw error("\"\(symbol)\"") }
    }

    mutating func expect(name: String) throws(TemplateError) {
        guard skip(name: name) else { throw error("\"\(name)\"") }
    }

    mutating func expect(_ kind: TemplateToken.Kind) throws(TemplateError) {
        guard current.kind == kind else { throw error(TemplateToken(kind: kind, line: line).summary) }
        advance()
    }

    mutating func name(_ meaning: String = "a name") throws(TemplateError) -> String {
        guard case .name(let name) = current.kind else { throw error(meaning) }
        advance()
        return name
    }

    /// Counts one level more while `read` works.
    mutating func nested<Result>(
        _ read: (inout TemplateParser) throws(TemplateError) -> Result
    ) throws(TemplateError) -> Result {
        guard depth < Self.depthLimit else {
            throw TemplateError(line: line, .limit(of: "expressions and blocks in one another", Self.depthLimit))
        }
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    func checkChain(_ count: Int) throws(TemplateError) {
        if count > Self.chainLimit {
            throw TemplateError(line: line, .limit(of: "operators in a row", Self.chainLimit))
        }
    }

    /// Refuses a name that is not known.
    func check(_ name: String, among known: some Sequence<String>, kind: String) throws(TemplateError) {
        if known.contains(name) { return }
        throw TemplateError(
            line: line, .unknown(kind: kind, name: name, nearest: NearestName.of(name, among: known)))
    }
}
