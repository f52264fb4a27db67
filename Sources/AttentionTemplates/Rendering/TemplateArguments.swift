/// What a function, method, filter or test was called with.
struct TemplateArguments {
    /// What was called, for an error sentence.
    var callee = ""
    let line: Int
    var positional: [TemplateValue] = []
    var named: [(name: String, value: TemplateValue)] = []

    /// The same with positional ones under these names as well.
    /// - Throws: `TemplateError` if there are more than names, or one has another name.
    func bound(to names: [String], of callee: String) throws(TemplateError) -> TemplateArguments {
        guard positional.count <= names.count else {
            throw TemplateError(
                line: line,
                .unfit(operation: callee, expected: "at most \(names.count) arguments", found: "\(positional.count)"))
        }
        if let other = named.first(where: { !names.contains($0.name) }) {
            throw TemplateError(line: line, .unknown(kind: "argument of \(callee)", name: other.name, nearest: nil))
        }
        var result = TemplateArguments(callee: callee, line: line)
        result.named = zip(names, positional).map { ($0, $1) } + named
        return result
    }

    /// The argument of this name; nil if it was not given.
    subscript(name: String) -> TemplateValue? { named.first { $0.name == name }?.value }

    func unfit(_ expected: String, _ found: TemplateValue) -> TemplateError {
        TemplateError(line: line, .unfit(operation: callee, expected: expected, found: found.summary))
    }

    /// - Throws: `TemplateError` if it was not given.
    func required(_ name: String) throws(TemplateError) -> TemplateValue {
        guard let value = self[name] else {
            throw TemplateError(line: line, .unfit(operation: callee, expected: "a value for \(name)", found: "none"))
        }
        return value
    }

    func string(_ name: String) throws(TemplateError) -> String? {
        switch self[name] {
        case nil, .some(.none): return nil
        case .string(let text): return text
        case let value?: throw unfit("a string as \(name)", value)
        }
    }

    func requiredString(_ name: String) throws(TemplateError) -> String {
        guard let text = try string(name) else { throw unfit("a string as \(name)", try required(name)) }
        return text
    }

    func integer(_ name: String) throws(TemplateError) -> Int? {
        switch self[name] {
        case nil, .some(.none): return nil
        case let value?:
            guard let integer = value.asInteger else { throw unfit("a whole number as \(name)", value) }
            return integer
        }
    }

    func isTrue(_ name: String, default fallback: Bool = false) -> Bool { self[name]?.isTrue ?? fallback }
}
