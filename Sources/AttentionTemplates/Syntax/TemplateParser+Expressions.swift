/// Expressions, by precedence from the loosest to the tightest.
extension TemplateParser {
    /// One expression, or several with commas between them.
    mutating func tuple(allowingCondition: Bool = true) throws(TemplateError) -> TemplateExpression {
        let line = self.line
        let first = allowingCondition ? try expression() : try nested { (p) throws(TemplateError) in try p.any() }
        guard isSymbol(",") else { return first }
        var items = [first]
        while skip(","), !isTupleEnd { items.append(try expression()) }
        return TemplateExpression(line: line, form: .tuple(items))
    }

    private var isTupleEnd: Bool {
        current.kind == .printEnd || current.kind == .blockEnd || isSymbol(")") || isName("in")
    }

    /// `a if b else c`
    mutating func expression() throws(TemplateError) -> TemplateExpression {
        try nested { (parser) throws(TemplateError) in
            let line = parser.line
            var value = try parser.any()
            while parser.skip(name: "if") {
                let condition = try parser.any()
                let otherwise = parser.skip(name: "else") ? try parser.expression() : nil
                value = TemplateExpression(
                    line: line, form: .conditional(condition, then: value, otherwise: otherwise))
                if otherwise == nil { break }
            }
            return value
        }
    }

    private mutating func any() throws(TemplateError) -> TemplateExpression {
        let line = self.line
        var values = [try all()]
        while skip(name: "or") { values.append(try all()) }
        return values.count == 1 ? values[0] : TemplateExpression(line: line, form: .any(values))
    }

    private mutating func all() throws(TemplateError) -> TemplateExpression {
        let line = self.line
        var values = [try negation()]
        while skip(name: "and") { values.append(try negation()) }
        return values.count == 1 ? values[0] : TemplateExpression(line: line, form: .all(values))
    }

    private mutating func negation() throws(TemplateError) -> TemplateExpression {
        let line = self.line
        var count = 0
        while isName("not"), following.kind != .name("in") {
            advance()
            count += 1
            try checkChain(count)
        }
        let value = try comparison()
        if count == 0 { return value }
        let once = TemplateExpression(line: line, form: .not(value))
        return count % 2 == 1 ? once : TemplateExpression(line: line, form: .not(once))
    }

    private mutating func comparison() throws(TemplateError) -> TemplateExpression {
        let line = self.line
        let first = try sum()
        var rest: [(operation: String, value: TemplateExpression)] = []
        while let operation = comparisonOperator() { rest.append((operation, try sum())) }
        return rest.isEmpty ? first : TemplateExpression(line: line, form: .comparison(first, rest))
    }

    private mutating func comparisonOperator() -> String? {
        for symbol in ["==", "!=", "<=", ">=", "<", ">"] where skip(symbol) { return symbol }
        if skip(name: "in") { return "in" }
        guard isName("not"), following.kind == .name("in") else { return nil }
        advance()
        advance()
        return "not in"
    }

    private mutating func sum() throws(TemplateError) -> TemplateExpression {
        try chain(["+", "-"]) { (parser) throws(TemplateError) in try parser.concatenation() }
    }

    private mutating func concatenation() throws(TemplateError) -> TemplateExpression {
        let line = self.line
        var values = [try product()]
        while skip("~") { values.append(try product()) }
        return values.count == 1 ? values[0] : TemplateExpression(line: line, form: .concatenation(values))
    }

    private mutating func product() throws(TemplateError) -> TemplateExpression {
        try chain(["*", "//", "/", "%"]) { (parser) throws(TemplateError) in
            try parser.chain(["**"]) { (parser) throws(TemplateError) in try parser.unary() }
        }
    }

    /// Operands with these operators between them, the first two taken together first.
    private mutating func chain(
        _ symbols: [String], _ operand: (inout TemplateParser) throws(TemplateError) -> TemplateExpression
    ) throws(TemplateError) -> TemplateExpression {
        var value = try operand(&self)
        var count = 0
        while let symbol = symbols.first(where: isSymbol) {
            let line = self.line
            advance()
            count += 1
            // Each lies in the next, as deep as an expression may be.
            try checkChain(4 * count)
            value = TemplateExpression(line: line, form: .arithmetic(value, symbol, try operand(&self)))
        }
        return value
    }

    private mutating func unary(isFiltered: Bool = true) throws(TemplateError) -> TemplateExpression {
        let line = self.line
        var value: TemplateExpression
        if isSymbol("-") || isSymbol("+") {
            let isNegative = isSymbol("-")
            advance()
            let operand = try nested { (parser) throws(TemplateError) in try parser.unary(isFiltered: false) }
            value = TemplateExpression(line: line, form: isNegative ? .negative(operand) : .positive(operand))
        } else {
            value = try postfix(try primary())
        }
        guard isFiltered else { return value }
        var count = 0
        while true {
            if isSymbol("|") {
                advance()
                let use = try filterUse()
                value = TemplateExpression(line: use.line, form: .filter(value, use.name, use.call))
            } else if isName("is") {
                value = try test(value)
            } else if isSymbol("(") {
                value = TemplateExpression(line: self.line, form: .call(value, try call()))
            } else {
                return value
            }
            count += 1
            try checkChain(4 * count)
        }
    }

    // MARK: What follows a value

    /// Filters with `|` between them.
    mutating func filterChain() throws(TemplateError) -> [TemplateFilterUse] {
        var filters = [try filterUse()]
        while skip("|") { filters.append(try filterUse()) }
        return filters
    }

    private mutating func filterUse() throws(TemplateError) -> TemplateFilterUse {
        let line = self.line
        guard case .name(let name) = current.kind else { throw error("the name of a filter") }
        try check(name, among: TemplateFilters.parameters.keys, kind: "filter")
        advance()
        return TemplateFilterUse(line: line, name: name, call: isSymbol("(") ? try call() : TemplateCall())
    }

    private mutating func test(_ value: TemplateExpression) throws(TemplateError) -> TemplateExpression {
        let line = self.line
        advance()
        let isNegated = skip(name: "not")
        guard case .name(let name) = current.kind else { throw error("the name of a test") }
        try check(name, among: TemplateTests.names, kind: "test")
        advance()
        var arguments = TemplateCall()
        if isSymbol("(") {
            arguments = try call()
        } else if startsOperand {
            arguments.positional = [try postfix(try primary())]
        }
        let test = TemplateExpression(line: line, form: .test(value, name, arguments))
        return isNegated ? TemplateExpression(line: line, form: .not(test)) : test
    }

    private var startsOperand: Bool {
        switch current.kind {
        case .name(let name): !["else", "or", "and", "if", "is", "not", "in"].contains(name)
        case .string, .integer, .number, .symbol("["), .symbol("{"): true
        default: false
        }
    }

    private mutating func postfix(_ first: TemplateExpression) throws(TemplateError) -> TemplateExpression {
        var value = first
        var count = 0
        while true {
            let line = self.line
            if skip(".") {
                if case .integer(let index) = current.kind {
                    advance()
                    value = TemplateExpression(
                        line: line, form: .item(value, TemplateExpression(line: line, form: .integer(index))))
                } else {
                    value = TemplateExpression(line: line, form: .attribute(value, try name("the name of a member")))
                }
            } else if skip("[") {
                value = TemplateExpression(line: line, form: try subscripted(value))
            } else if isSymbol("(") {
                value = TemplateExpression(line: line, form: .call(value, try call()))
            } else {
                return value
            }
            count += 1
            try checkChain(4 * count)
        }
    }

    private mutating func subscripted(_ value: TemplateExpression) throws(TemplateError) -> TemplateExpression.Form {
        var parts: [TemplateExpression?] = [isSymbol(":") ? nil : try expression()]
        while parts.count < 3, skip(":") {
            parts.append(isSymbol(":") || isSymbol("]") ? nil : try expression())
        }
        try expect("]")
        if parts.count == 1, let index = parts[0] { return .item(value, index) }
        return .slice(
            value, TemplateSlice(start: parts[0], end: parts[1], step: parts.count > 2 ? parts[2] : nil))
    }

    private mutating func call() throws(TemplateError) -> TemplateCall {
        var call = TemplateCall()
        try expect("(")
        var isFirst = true
        while !isSymbol(")") {
            if !isFirst {
                try expect(",")
                if isSymbol(")") { break }
            }
            isFirst = false
            if case .name(let name) = current.kind, following.kind == .symbol("=") {
                advance()
                advance()
                call.named.append((name, try expression()))
            } else {
                guard call.named.isEmpty else { throw error("a name and = behind another argument with a name") }
                call.positional.append(try expression())
            }
        }
        advance()
        return call
    }

    // MARK: Values

    private mutating func primary() throws(TemplateError) -> TemplateExpression {
        let line = self.line
        func made(_ form: TemplateExpression.Form) -> TemplateExpression {
            TemplateExpression(line: line, form: form)
        }
        switch current.kind {
        case .name(let name):
            advance()
            return made(Self.constants[name] ?? .name(name))
        case .string(var text):
            advance()
            while case .string(let more) = current.kind {
                text += more
                advance()
            }
            return made(.string(text))
        case .integer(let value):
            advance()
            return made(.integer(value))
        case .number(let value):
            advance()
            return made(.number(value))
        case .symbol("("):
            advance()
            if skip(")") { return made(.tuple([])) }
            let value = try tuple()
            try expect(")")
            return value
        case .symbol("["): return made(.list(try list()))
        case .symbol("{"): return made(.dictionary(try dictionary()))
        default: throw error("a value")
        }
    }

    private static let constants: [String: TemplateExpression.Form] = [
        "true": .boolean(true), "True": .boolean(true), "false": .boolean(false), "False": .boolean(false),
        "none": .none, "None": .none,
    ]

    private mutating func list() throws(TemplateError) -> [TemplateExpression] {
        advance()
        var items: [TemplateExpression] = []
        while !isSymbol("]") {
            if !items.isEmpty {
                try expect(",")
                if isSymbol("]") { break }
            }
            items.append(try expression())
        }
        advance()
        return items
    }

    private mutating func dictionary() throws(TemplateError) -> [(key: TemplateExpression, value: TemplateExpression)] {
        advance()
        var members: [(key: TemplateExpression, value: TemplateExpression)] = []
        while !isSymbol("}") {
            if !members.isEmpty {
                try expect(",")
                if isSymbol("}") { break }
            }
            let key = try expression()
            try expect(":")
            members.append((key, try expression()))
        }
        advance()
        return members
    }
}
