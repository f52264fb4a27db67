import Glibc

/// Functions, methods and macros.
extension Renderer {
    private static let functions: [String: [String]] = [
        "range": ["start", "stop", "step"], "raise_exception": ["message"], "strftime_now": ["format"], "namespace": [],
        "dict": [],
    ]
    private static let rangeLimit = 100_000

    static func global(_ name: String) -> TemplateValue? { functions[name] == nil ? nil : .function(name) }

    func arguments(
        _ call: TemplateCall, in scope: TemplateScope, line: Int
    ) throws(TemplateError) -> TemplateArguments {
        var arguments = TemplateArguments(line: line)
        arguments.positional = try values(of: call.positional, in: scope)
        for (name, value) in call.named { arguments.named.append((name, try evaluate(value, in: scope))) }
        return arguments
    }

    func call(
        _ callee: TemplateValue, _ arguments: TemplateArguments, caller: TemplateMacro?
    ) throws(TemplateError) -> TemplateValue {
        switch callee {
        case .macro(let macro): return try call(macro, arguments, caller: caller)
        case .function(let name): return try call(name, arguments)
        case .method(let owner, let name): return try TemplateMethods.call(name, of: owner, arguments, self)
        default: throw unfit("()", "a function, a method or a macro", callee, line: arguments.line)
        }
    }

    private func call(
        _ macro: TemplateMacro, _ arguments: TemplateArguments, caller: TemplateMacro?
    ) throws(TemplateError) -> TemplateValue {
        let statement = macro.statement
        let bound = try arguments.bound(to: statement.parameters.map(\.name), of: statement.name)
        let scope = TemplateScope(inside: macro.scope)
        for (name, fallback) in statement.parameters {
            if let value = bound[name] {
                scope.values[name] = value
            } else if let fallback {
                scope.values[name] = try evaluate(fallback, in: scope)
            } else {
                scope.values[name] = .undefined(name)
            }
        }
        if let caller { scope.values["caller"] = .macro(caller) }
        let outer = nesting
        nesting = 0
        defer { nesting = outer }
        return try made(try text(of: statement.body, in: scope), line: arguments.line)
    }

    private func call(_ name: String, _ arguments: TemplateArguments) throws(TemplateError) -> TemplateValue {
        let line = arguments.line
        switch name {
        case "namespace", "dict":
            let members = try dictionary(arguments)
            guard name == "namespace" else { return .dictionary(members) }
            let namespace = TemplateNamespace()
            namespace.members = members
            keep(namespace)
            return .namespace(namespace)
        case "range":
            let bound = try arguments.bound(to: Self.functions[name] ?? [], of: name)
            let first = try bound.integer("start") ?? 0
            let (start, stop) = try bound.integer("stop").map { (first, $0) } ?? (0, first)
            let step = try bound.integer("step") ?? 1
            guard step != 0 else { throw bound.unfit("a step that is not 0", .integer(0)) }
            let distance = step > 0 ? Double(stop) - Double(start) : Double(start) - Double(stop)
            guard distance / Double(step.magnitude) <= Double(Self.rangeLimit) else {
                throw TemplateError(line: line, .limit(of: "numbers in a range", Self.rangeLimit))
            }
            return try made(stride(from: start, to: stop, by: step).map { .integer($0) }, line: line)
        case "raise_exception":
            let bound = try arguments.bound(to: Self.functions[name] ?? [], of: name)
            throw TemplateError(line: line, .refused(try bound.required("message").text))
        default:
            let bound = try arguments.bound(to: Self.functions[name] ?? [], of: name)
            return .string(date(try bound.requiredString("format")))
        }
    }

    private func dictionary(_ arguments: TemplateArguments) throws(TemplateError) -> TemplateDictionary {
        var members = TemplateDictionary()
        for value in arguments.positional {
            if case .dictionary(let dictionary) = value {
                members = dictionary
                continue
            }
            for pair in try iterate(value, line: arguments.line) {
                let parts = try iterate(pair, line: arguments.line)
                guard parts.count == 2 else {
                    throw unfit("dict", "pairs of a key and a value", pair, line: arguments.line)
                }
                members.set(parts[0], parts[1])
            }
        }
        for (name, value) in arguments.named { members.set(.string(name), value) }
        _ = try checked(.dictionary(members), line: arguments.line)
        return members
    }

    /// The present time as `strftime` of C writes it.
    private func date(_ format: String) -> String {
        var (seconds, parts) = (time_t(now), tm())
        localtime_r(&seconds, &parts)
        var buffer = [CChar](repeating: 0, count: 1024)
        let count = strftime(&buffer, buffer.count, format, &parts)
        return String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
