/// Values of expressions.
extension Renderer {
    /// - Parameter caller: the body of a `call` block, for the call that this is.
    func evaluate(
        _ expression: TemplateExpression, in scope: TemplateScope, caller: TemplateMacro? = nil
    ) throws(TemplateError) -> TemplateValue {
        try nested(line: expression.line) { () throws(TemplateError) in
            try value(of: expression, in: scope, caller: caller)
        }
    }

    private func value(
        of expression: TemplateExpression, in scope: TemplateScope, caller: TemplateMacro?
    ) throws(TemplateError) -> TemplateValue {
        let line = expression.line
        switch expression.form {
        case .none: return .none
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .number(let value): return .number(value)
        case .string(let text): return .string(text)
        case .name(let name): return scope.value(of: name) ?? Self.global(name) ?? .undefined(name)
        case .list(let items): return try made(try values(of: items, in: scope), line: line)
        case .tuple(let items): return try made(try values(of: items, in: scope), isTuple: true, line: line)
        case .dictionary(let members): return try dictionary(members, in: scope, line: line)
        case .attribute(let owner, let name):
            return try attribute(name, of: try evaluate(owner, in: scope), line: line)
        case .item(let owner, let key):
            return try item(try evaluate(key, in: scope), of: try evaluate(owner, in: scope), line: line)
        case .slice(let owner, let slice): return try part(of: owner, slice, in: scope, line: line)
        case .call(let callee, let call):
            let arguments = try arguments(call, in: scope, line: line)
            return try self.call(try evaluate(callee, in: scope), arguments, caller: caller)
        case .filter(let value, let name, let call):
            let value = try evaluate(value, in: scope)
            return try filter(value, name, try arguments(call, in: scope, line: line))
        case .test(let value, let name, let call):
            let value = try evaluate(value, in: scope)
            return .boolean(try test(value, name, try arguments(call, in: scope, line: line)))
        case .not(let value): return .boolean(!(try evaluate(value, in: scope).isTrue))
        case .negative(let value): return try negated(try evaluate(value, in: scope), line: line)
        case .positive(let value):
            let value = try evaluate(value, in: scope)
            guard value.asNumber != nil else { throw unfit("+", "a number", value, line: line) }
            return value
        case .arithmetic(let first, let symbol, let second):
            return try arithmetic(
                try evaluate(first, in: scope), symbol, try evaluate(second, in: scope), line: line)
        case .concatenation(let parts):
            var text = ""
            for part in parts {
                text += try evaluate(part, in: scope).text
                try check(text.utf8.count, line: line)
            }
            return .string(text)
        case .comparison(let first, let rest): return try comparison(first, rest, in: scope, line: line)
        case .all(let parts): return try decided(parts, until: false, in: scope)
        case .any(let parts): return try decided(parts, until: true, in: scope)
        case .conditional(let condition, let then, let otherwise):
            if try evaluate(condition, in: scope).isTrue { return try evaluate(then, in: scope) }
            guard let otherwise else { return .undefined("the value of an if without else") }
            return try evaluate(otherwise, in: scope)
        }
    }

    func values(of expressions: [TemplateExpression], in scope: TemplateScope) throws(TemplateError) -> [TemplateValue]
    {
        var values: [TemplateValue] = []
        for expression in expressions { values.append(try evaluate(expression, in: scope)) }
        return values
    }

    /// The first value whose truth is `wanted`, or the last.
    private func decided(
        _ parts: [TemplateExpression], until wanted: Bool, in scope: TemplateScope
    ) throws(TemplateError) -> TemplateValue {
        var value = TemplateValue.none
        for part in parts {
            value = try evaluate(part, in: scope)
            if value.isTrue == wanted { return value }
        }
        return value
    }

    private func dictionary(
        _ members: [(key: TemplateExpression, value: TemplateExpression)], in scope: TemplateScope, line: Int
    ) throws(TemplateError) -> TemplateValue {
        var dictionary = TemplateDictionary()
        for member in members {
            let key = try evaluate(member.key, in: scope)
            switch key {
            case .string, .integer, .boolean, .number, .none: break
            default: throw unfit("{}", "a string or a number as a key", key, line: line)
            }
            try spend(dictionary.members.count, line: line)
            dictionary.set(key, try evaluate(member.value, in: scope))
        }
        return try checked(.dictionary(dictionary), line: line)
    }

    // MARK: Comparisons

    private func comparison(
        _ first: TemplateExpression, _ rest: [(operation: String, value: TemplateExpression)],
        in scope: TemplateScope, line: Int
    ) throws(TemplateError) -> TemplateValue {
        var left = try evaluate(first, in: scope)
        for (operation, expression) in rest {
            let right = try evaluate(expression, in: scope)
            guard try compare(left, operation, right, line: line) else { return .boolean(false) }
            left = right
        }
        return .boolean(true)
    }

    func compare(
        _ left: TemplateValue, _ operation: String, _ right: TemplateValue, line: Int
    ) throws(TemplateError) -> Bool {
        switch operation {
        case "==": return left.isEqual(to: right)
        case "!=": return !left.isEqual(to: right)
        case "in": return try contains(right, left, line: line)
        case "not in": return !(try contains(right, left, line: line))
        default:
            let isSwapped = operation.hasPrefix(">")
            let (first, second) = isSwapped ? (right, left) : (left, right)
            guard let isLess = first.isLess(than: second) else {
                throw TemplateError(
                    line: line,
                    .unfit(
                        operation: operation, expected: "two numbers, or two strings",
                        found: "\(left.summary) and \(right.summary)"))
            }
            if operation.count == 1 { return isLess }
            return isLess || first.isEqual(to: second)
        }
    }

    func contains(_ whole: TemplateValue, _ part: TemplateValue, line: Int) throws(TemplateError) -> Bool {
        switch whole {
        case .undefined: return false
        case .list(let list):
            try spend(list.items.count, line: line)
            return list.items.contains { $0.isEqual(to: part) }
        case .dictionary(let dictionary):
            try spend(dictionary.members.count, line: line)
            return dictionary[part] != nil
        case .string(let text):
            guard case .string(let sought) = part else { throw unfit("in", "a string", part, line: line) }
            try spend(text.utf8.count >> 6, line: line)
            return sought.isEmpty || PythonText(text).find(PythonText(sought)) != nil
        default: throw unfit("in", "a list, a dictionary or a string", whole, line: line)
        }
    }
}
