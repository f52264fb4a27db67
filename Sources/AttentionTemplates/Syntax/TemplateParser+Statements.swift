/// Blocks.
extension TemplateParser {
    private static let tags = [
        "if", "for", "set", "macro", "call", "filter", "with", "generation", "break", "continue", "raw",
    ]

    /// Statements up to a block that begins with one of these names, whose `{%` is passed over.
    mutating func body(until ends: Set<String>) throws(TemplateError) -> [TemplateStatement] {
        var statements: [TemplateStatement] = []
        while true {
            let line = self.line
            switch current.kind {
            case .text(let text):
                advance()
                statements.append(TemplateStatement(line: line, form: .text(text)))
            case .printBegin:
                advance()
                let value = try tuple()
                try expect(.printEnd)
                statements.append(TemplateStatement(line: line, form: .print(value)))
            case .blockBegin:
                advance()
                let name = try name("the name of a block")
                if ends.contains(name) { return statements }
                let form = try nested { (parser) throws(TemplateError) in try parser.block(name, ends) }
                statements.append(TemplateStatement(line: line, form: form))
            default:
                guard ends.isEmpty else {
                    throw error(ends.sorted().map { "{% \($0) %}" }.joined(separator: " or "))
                }
                return statements
            }
        }
    }

    /// The name that ended the last `body`.
    private var ending: String { if case .name(let name) = previous.kind { name } else { "" } }

    private mutating func block(_ tag: String, _ ends: Set<String>) throws(TemplateError) -> TemplateStatement.Form {
        switch tag {
        case "if": return try conditional()
        case "for": return try loop()
        case "set": return try assignment()
        case "macro": return .macro(try macro())
        case "call": return try callBlock()
        case "filter":
            let filters = try filterChain()
            return .filter(filters, try blockBody(until: "endfilter"))
        case "with": return try with()
        case "generation": return .body(try blockBody(until: "endgeneration"))
        case "break", "continue":
            try expect(.blockEnd)
            return tag == "break" ? .leave : .next
        default:
            guard !tag.hasPrefix("end"), tag != "else", tag != "elif" else {
                throw TemplateError(
                    line: line,
                    .syntax(
                        expected: ends.isEmpty
                            ? "no end of a block that was not begun" : ends.sorted().joined(separator: " or "),
                        found: "\"\(tag)\""))
            }
            try check(tag, among: Self.tags, kind: "block")
            throw error("a block")
        }
    }

    /// The rest of a tag, what follows it, and the tag that ends it.
    private mutating func blockBody(until end: String) throws(TemplateError) -> [TemplateStatement] {
        try expect(.blockEnd)
        let body = try body(until: [end])
        try expect(.blockEnd)
        return body
    }

    private mutating func conditional() throws(TemplateError) -> TemplateStatement.Form {
        var branches: [(condition: TemplateExpression, body: [TemplateStatement])] = []
        while true {
            let condition = try tuple(allowingCondition: false)
            try expect(.blockEnd)
            branches.append((condition, try body(until: ["elif", "else", "endif"])))
            guard ending == "elif" else { break }
        }
        var otherwise: [TemplateStatement] = []
        if ending == "else" { otherwise = try blockBody(until: "endif") } else { try expect(.blockEnd) }
        return .conditional(branches, otherwise: otherwise)
    }

    private mutating func loop() throws(TemplateError) -> TemplateStatement.Form {
        let target = try target(allowingMembers: false)
        try expect(name: "in")
        let values = try tuple(allowingCondition: false)
        let condition = skip(name: "if") ? try expression() : nil
        if isName("recursive") { throw error("a loop that does not call itself") }
        try expect(.blockEnd)
        let body = try body(until: ["else", "endfor"])
        var otherwise: [TemplateStatement] = []
        if ending == "else" { otherwise = try blockBody(until: "endfor") } else { try expect(.blockEnd) }
        return .loop(
            TemplateLoopStatement(
                target: target, values: values, condition: condition, body: body, otherwise: otherwise))
    }

    private mutating func assignment() throws(TemplateError) -> TemplateStatement.Form {
        let target = try target(allowingMembers: true)
        if skip("=") {
            let value = try tuple()
            try expect(.blockEnd)
            return .set(target, value)
        }
        var filters: [TemplateFilterUse] = []
        if skip("|") { filters = try filterChain() }
        return .capture(target, filters, try blockBody(until: "endset"))
    }

    private mutating func macro() throws(TemplateError) -> TemplateMacroStatement {
        let name = try name("the name of a macro")
        let parameters = try parameters()
        return TemplateMacroStatement(name: name, parameters: parameters, body: try blockBody(until: "endmacro"))
    }

    private mutating func callBlock() throws(TemplateError) -> TemplateStatement.Form {
        let parameters = isSymbol("(") ? try parameters() : []
        let call = try expression()
        guard case .call = call.form else { throw error("the call of a macro") }
        let body = try blockBody(until: "endcall")
        return .call(call, TemplateMacroStatement(name: "caller", parameters: parameters, body: body))
    }

    private mutating func parameters() throws(TemplateError) -> [(name: String, fallback: TemplateExpression?)] {
        var parameters: [(name: String, fallback: TemplateExpression?)] = []
        try expect("(")
        while !isSymbol(")") {
            if !parameters.isEmpty { try expect(",") }
            let name = try name("the name of a parameter")
            parameters.append((name, skip("=") ? try expression() : nil))
        }
        advance()
        return parameters
    }

    private mutating func with() throws(TemplateError) -> TemplateStatement.Form {
        var values: [(target: TemplateTarget, value: TemplateExpression)] = []
        while current.kind != .blockEnd {
            if !values.isEmpty { try expect(",") }
            let target = try target(allowingMembers: false)
            try expect("=")
            values.append((target, try expression()))
        }
        return .with(values, try blockBody(until: "endwith"))
    }

    private mutating func target(allowingMembers: Bool) throws(TemplateError) -> TemplateTarget {
        let isGrouped = skip("(")
        let first = try name("a name to be set")
        if allowingMembers, !isGrouped, skip(".") { return .member(of: first, try name("the name of a member")) }
        var names = [first]
        while skip(",") {
            if isSymbol(")") || isName("in") { break }
            names.append(try name("a name to be set"))
        }
        if isGrouped { try expect(")") }
        return names.count == 1 ? .name(first) : .names(names)
    }
}
