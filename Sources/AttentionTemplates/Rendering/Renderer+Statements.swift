/// Blocks.
extension Renderer {
    /// Where rendering goes on behind a statement.
    enum Flow { case forward, leave, next }

    func render(_ body: [TemplateStatement], in scope: TemplateScope) throws(TemplateError) -> Flow {
        for statement in body {
            let flow = try nested(line: statement.line) { () throws(TemplateError) in
                try render(statement, in: scope)
            }
            if flow != .forward { return flow }
        }
        return .forward
    }

    private func render(_ statement: TemplateStatement, in scope: TemplateScope) throws(TemplateError) -> Flow {
        let line = statement.line
        switch statement.form {
        case .text(let text): try write(text, line: line)
        case .print(let value): try write(try evaluate(value, in: scope).text, line: line)
        case .conditional(let branches, let otherwise):
            for branch in branches where try evaluate(branch.condition, in: scope).isTrue {
                return try render(branch.body, in: scope)
            }
            return try render(otherwise, in: scope)
        case .loop(let loop): try render(loop, in: scope, line: line)
        case .set(let target, let value):
            try assign(try evaluate(value, in: scope), to: target, in: scope, line: line)
        case .capture(let target, let filters, let body):
            let inner = TemplateScope(inside: scope)
            let value = try filtered(try made(try text(of: body, in: inner), line: line), filters, in: scope)
            try assign(value, to: target, in: scope, line: line)
        case .macro(let macro): scope.values[macro.name] = .macro(made(macro, in: scope))
        case .call(let call, let body):
            try write(try evaluate(call, in: scope, caller: made(body, in: scope)).text, line: line)
        case .filter(let filters, let body):
            let text = try made(try text(of: body, in: TemplateScope(inside: scope)), line: line)
            try write(try filtered(text, filters, in: scope).text, line: line)
        case .with(let values, let body):
            let inner = TemplateScope(inside: scope)
            for (target, value) in values {
                try assign(try evaluate(value, in: scope), to: target, in: inner, line: line)
            }
            return try render(body, in: inner)
        case .body(let body): return try render(body, in: TemplateScope(inside: scope))
        case .leave, .next:
            guard nesting > 0 else {
                throw TemplateError(
                    line: line, .syntax(expected: "break and continue in a loop alone", found: "one outside"))
            }
            if case .leave = statement.form { return .leave }
            return .next
        }
        return .forward
    }

    private func made(_ macro: TemplateMacroStatement, in scope: TemplateScope) -> TemplateMacro {
        keep(scope)
        return TemplateMacro(macro, scope: scope)
    }

    private func filtered(
        _ value: TemplateValue, _ filters: [TemplateFilterUse], in scope: TemplateScope
    ) throws(TemplateError) -> TemplateValue {
        var value = value
        for use in filters {
            value = try filter(value, use.name, try arguments(use.call, in: scope, line: use.line))
        }
        return value
    }

    private func render(
        _ loop: TemplateLoopStatement, in scope: TemplateScope, line: Int
    ) throws(TemplateError) {
        var items = try iterate(try evaluate(loop.values, in: scope), line: line)
        if let condition = loop.condition {
            var kept: [TemplateValue] = []
            for item in items {
                try spend(line: line)
                let inner = TemplateScope(inside: scope)
                try assign(item, to: loop.target, in: inner, line: line)
                if try evaluate(condition, in: inner).isTrue { kept.append(item) }
            }
            items = kept
        }
        guard !items.isEmpty else {
            _ = try render(loop.otherwise, in: TemplateScope(inside: scope))
            return
        }
        nesting += 1
        defer { nesting -= 1 }
        for index in items.indices {
            try spend(line: line)
            let inner = TemplateScope(inside: scope)
            inner.values["loop"] = .loop(TemplateLoop(items: items, index: index))
            try assign(items[index], to: loop.target, in: inner, line: line)
            if try render(loop.body, in: inner) == .leave { return }
        }
    }

    private func assign(
        _ value: TemplateValue, to target: TemplateTarget, in scope: TemplateScope, line: Int
    ) throws(TemplateError) {
        switch target {
        case .name(let name): scope.values[name] = value
        case .names(let names):
            let parts = try iterate(value, line: line)
            guard parts.count == names.count else {
                throw TemplateError(
                    line: line,
                    .unfit(operation: "set", expected: "\(names.count) values", found: "\(parts.count)"))
            }
            for (name, part) in zip(names, parts) { scope.values[name] = part }
        case .member(let owner, let name):
            guard case .namespace(let namespace)? = scope.value(of: owner) else {
                throw unfit(
                    "set", "a namespace as \(owner)", scope.value(of: owner) ?? .undefined(owner), line: line)
            }
            namespace.members.set(.string(name), value)
        }
    }

    /// The values that a loop goes through.
    func iterate(_ value: TemplateValue, line: Int) throws(TemplateError) -> [TemplateValue] {
        switch value {
        case .undefined: return []
        case .list(let list): return list.items
        case .dictionary(let dictionary): return dictionary.members.map(\.key)
        case .string(let text):
            try spend(text.utf8.count, line: line)
            return text.unicodeScalars.map { .string(String($0)) }
        default: throw unfit("for", "a list, a dictionary or a string", value, line: line)
        }
    }
}
