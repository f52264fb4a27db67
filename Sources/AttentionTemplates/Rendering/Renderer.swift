/// Renders one template once.
///
/// Whatever a template says, this ends: every step and every character made is counted, and what would take too many is an error; so is
/// what would call itself too deeply. What templates make for themselves (namespaces, macros) may refer to one another in a circle, and is
/// taken apart by `release`.
final class Renderer {
    static let stepLimit = 2_000_000
    static let characterLimit = 1 << 24
    static let depthLimit = 300

    /// Seconds since 1970.
    let now: Int
    private var stepCount = 0
    private var depth = 0
    private var namespaces: [TemplateNamespace] = []
    private var scopes: [TemplateScope] = []
    /// How many loops are around what is rendered.
    var nesting = 0
    /// What has been rendered so far of the text that is being made.
    var output = ""

    init(now: Int) { self.now = now }

    func release() {
        for namespace in namespaces { namespace.members = TemplateDictionary() }
        for scope in scopes { scope.values = [:] }
    }

    func keep(_ namespace: TemplateNamespace) { namespaces.append(namespace) }
    func keep(_ scope: TemplateScope) { scopes.append(scope) }

    // MARK: Limits

    /// Counts work.
    func spend(_ steps: Int = 1, line: Int) throws(TemplateError) {
        stepCount += steps
        if stepCount > Self.stepLimit { throw TemplateError(line: line, .limit(of: "steps", Self.stepLimit)) }
    }

    /// A text that was made, counted.
    func made(_ text: String, line: Int) throws(TemplateError) -> TemplateValue {
        try check(text.utf8.count, line: line)
        return .string(text)
    }

    /// A list that was made, counted.
    func made(_ items: [TemplateValue], isTuple: Bool = false, line: Int) throws(TemplateError) -> TemplateValue {
        try spend(items.count, line: line)
        return try checked(.list(TemplateList(items, isTuple: isTuple)), line: line)
    }

    /// Refuses a text that would be as long as that.
    func check(_ count: Int, line: Int) throws(TemplateError) {
        guard count <= Self.characterLimit else {
            throw TemplateError(line: line, .limit(of: "characters", Self.characterLimit))
        }
        try spend(count >> 6, line: line)
    }

    func checked(_ value: TemplateValue, line: Int) throws(TemplateError) -> TemplateValue {
        guard value.depth <= Self.depthLimit else {
            throw TemplateError(line: line, .limit(of: "lists in one another", Self.depthLimit))
        }
        return value
    }

    func nested<Result>(
        line: Int, _ work: () throws(TemplateError) -> Result
    ) throws(TemplateError) -> Result {
        guard depth < Self.depthLimit else {
            throw TemplateError(line: line, .limit(of: "calls in one another", Self.depthLimit))
        }
        depth += 1
        defer { depth -= 1 }
        try spend(line: line)
        return try work()
    }

    func write(_ text: String, line: Int) throws(TemplateError) {
        try spend(text.utf8.count >> 6, line: line)
        output += text
        guard output.utf8.count <= Self.characterLimit else {
            throw TemplateError(line: line, .limit(of: "characters", Self.characterLimit))
        }
    }

    /// What statements render, by themselves.
    func text(of body: [TemplateStatement], in scope: TemplateScope) throws(TemplateError) -> String {
        let outer = output
        output = ""
        defer { output = outer }
        _ = try render(body, in: scope)
        return output
    }

    func unfit(_ operation: String, _ expected: String, _ found: TemplateValue, line: Int) -> TemplateError {
        TemplateError(line: line, .unfit(operation: operation, expected: expected, found: found.summary))
    }
}
