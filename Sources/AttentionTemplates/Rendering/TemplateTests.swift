/// What may stand behind `is`.
enum TemplateTests {
    static let names: Set<String> = [
        "defined", "undefined", "none", "boolean", "true", "false", "integer", "float", "number", "string", "mapping",
        "sequence", "iterable", "callable", "odd", "even", "divisibleby", "in", "eq", "equalto", "ne", "lt", "lessthan",
        "gt", "greaterthan", "le", "ge", "sameas", "lower", "upper",
    ]
    /// Those that compare, by the operator they stand for.
    private static let comparisons = [
        "eq": "==", "equalto": "==", "ne": "!=", "lt": "<", "lessthan": "<", "gt": ">", "greaterthan": ">", "le": "<=",
        "ge": ">=", "in": "in",
    ]

    static func holds(
        _ name: String, _ value: TemplateValue, _ arguments: TemplateArguments, _ renderer: Renderer
    ) throws(TemplateError) -> Bool {
        if let operation = comparisons[name] {
            let other = try arguments.bound(to: ["other"], of: name).required("other")
            return try renderer.compare(value, operation, other, line: arguments.line)
        }
        let bound = try arguments.bound(to: ["divisibleby", "sameas"].contains(name) ? ["other"] : [], of: name)
        switch name {
        case "sameas": return value.isEqual(to: try bound.required("other"))
        case "odd", "even", "divisibleby":
            guard let integer = value.asInteger else { throw bound.unfit("a whole number", value) }
            let divisor = name == "divisibleby" ? try bound.integer("other") ?? 0 : 2
            guard divisor != 0 else { throw bound.unfit("a divisor that is not 0", .integer(0)) }
            let rest = divisor == -1 ? 0 : integer % divisor
            return name == "odd" ? rest != 0 : rest == 0
        case "lower": return value.text == value.text.lowercased() && value.text != value.text.uppercased()
        case "upper": return value.text == value.text.uppercased() && value.text != value.text.lowercased()
        default: return isOf(kind: name, value)
        }
    }

    private static func isOf(kind: String, _ value: TemplateValue) -> Bool {
        switch (kind, value) {
        case ("defined", .undefined): false
        case ("defined", _): true
        case ("undefined", .undefined), ("none", .none): true
        case ("boolean", .boolean), ("integer", .integer), ("float", .number), ("string", .string): true
        case ("true", .boolean(let truth)): truth
        case ("false", .boolean(let truth)): !truth
        case ("number", .integer), ("number", .number), ("number", .boolean): true
        case ("mapping", .dictionary): true
        case ("sequence", .list), ("sequence", .string), ("sequence", .dictionary), ("sequence", .undefined): true
        case ("iterable", .list), ("iterable", .string), ("iterable", .dictionary), ("iterable", .undefined): true
        case ("callable", .macro), ("callable", .function), ("callable", .method): true
        default: false
        }
    }
}

extension Renderer {
    func test(
        _ value: TemplateValue, _ name: String, _ arguments: TemplateArguments
    ) throws(TemplateError) -> Bool {
        try TemplateTests.holds(name, value, arguments, self)
    }
}
