/// What may stand behind `|`: Jinja's filters, `tojson` as transformers has it.
enum TemplateFilters {
    /// The filters by name, with the names of their arguments.
    static let parameters: [String: [String]] = texts.merging(lists) { first, _ in first }

    static let texts: [String: [String]] = [
        "trim": ["chars"], "upper": [], "lower": [], "title": [], "capitalize": [], "string": [], "safe": [],
        "replace": ["old", "new", "count"], "indent": ["width", "first", "blank"], "escape": [], "e": [],
        "tojson": ["ensure_ascii", "indent", "separators", "sort_keys"], "int": ["default", "base"],
        "float": ["default"], "abs": [], "round": ["precision", "method"], "wordcount": [], "format": [],
        "default": ["default_value", "boolean"], "d": ["default_value", "boolean"], "attr": ["name"],
    ]
    static let lists: [String: [String]] = [
        "length": [], "count": [], "first": [], "last": [], "list": [], "join": ["d", "attribute"], "reverse": [],
        "sum": ["attribute", "start"], "min": ["case_sensitive", "attribute"], "max": ["case_sensitive", "attribute"],
        "sort": ["reverse", "case_sensitive", "attribute"], "unique": ["case_sensitive", "attribute"],
        "dictsort": ["case_sensitive", "by", "reverse"], "items": [], "map": [], "select": [], "reject": [],
        "selectattr": [], "rejectattr": [], "batch": ["linecount", "fill_with"],
    ]
    /// Those whose arguments are those of another filter or test.
    static let passing: Set<String> = ["map", "select", "reject", "selectattr", "rejectattr", "format"]
}

extension Renderer {
    func filter(
        _ value: TemplateValue, _ name: String, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        try spend(line: arguments.line)
        guard let parameters = TemplateFilters.parameters[name] else {
            throw TemplateError(line: arguments.line, .unknown(kind: "filter", name: name, nearest: nil))
        }
        var bound = arguments
        bound.callee = name
        if !TemplateFilters.passing.contains(name) { bound = try arguments.bound(to: parameters, of: name) }
        return TemplateFilters.lists[name] == nil
            ? try filterText(value, name, bound) : try filterList(value, name, bound)
    }
}
