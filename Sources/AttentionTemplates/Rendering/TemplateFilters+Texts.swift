/// Filters on one value.
extension Renderer {
    func filterText(
        _ value: TemplateValue, _ name: String, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        let line = arguments.line
        switch name {
        case "trim":
            return try made(PythonText(value.text).stripped(try arguments.string("chars")).string, line: line)
        case "upper": return try made(value.text.uppercased(), line: line)
        case "lower": return try made(PythonText(value.text).lowercased, line: line)
        case "title": return try made(Self.titled(value.text), line: line)
        case "capitalize": return try made(PythonText(value.text).capitalized, line: line)
        case "string", "safe": return try made(value.text, line: line)
        case "escape", "e":
            let pairs = [("&", "&amp;"), (">", "&gt;"), ("<", "&lt;"), ("'", "&#39;"), ("\"", "&#34;")]
            return try made(
                pairs.reduce(value.text) { PythonText($0).replacing($1.0, $1.1, limit: nil) }, line: line)
        case "replace":
            var call = TemplateArguments(line: line)
            call.positional = [
                .string(try arguments.required("old").text), .string(try arguments.required("new").text),
                arguments["count"] ?? .none,
            ]
            return try TemplateMethods.call("replace", of: .string(value.text), call, self)
        case "indent": return try indented(value.text, arguments)
        case "tojson": return try json(value, arguments)
        case "wordcount": return .integer(PythonText(value.text).split(nil, limit: nil).count)
        case "format":
            guard arguments.named.isEmpty else { throw arguments.unfit("values without names", .none) }
            return try made(try formatted(value.text, arguments.positional, line: line), line: line)
        case "default", "d":
            let isMissing = if case .undefined = value { true } else { arguments.isTrue("boolean") && !value.isTrue }
            return isMissing ? arguments["default_value"] ?? .string("") : value
        case "attr": return try attribute(try arguments.requiredString("name"), of: value, line: line)
        default: return try filterNumber(value, name, arguments)
        }
    }

    private func filterNumber(
        _ value: TemplateValue, _ name: String, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        switch name {
        case "int":
            if let integer = value.asInteger { return .integer(integer) }
            if let number = value.asNumber, let integer = Int(exactly: number.rounded(.towardZero)) {
                return .integer(integer)
            }
            let text = PythonText(value.text).stripped().string
            if case .string = value {
                if let integer = Int(text, radix: min(max(try arguments.integer("base") ?? 10, 2), 36)) {
                    return .integer(integer)
                }
                if let number = Double(text), let integer = Int(exactly: number.rounded(.towardZero)) {
                    return .integer(integer)
                }
            }
            return arguments["default"] ?? .integer(0)
        case "float":
            if let number = value.asNumber { return .number(number) }
            if case .string(let text) = value, let number = Double(PythonText(text).stripped().string) {
                return .number(number)
            }
            return arguments["default"] ?? .number(0)
        case "abs":
            if let integer = value.asInteger, integer != .min { return .integer(abs(integer)) }
            guard case .number(let number) = value else { throw arguments.unfit("a number", value) }
            return .number(abs(number))
        default:
            guard let number = value.asNumber else { throw arguments.unfit("a number", value) }
            let digits = min(max(try arguments.integer("precision") ?? 0, -300), 300)
            let method = try arguments.string("method") ?? "common"
            var scale = 1.0
            for _ in 0..<abs(digits) { scale *= 10 }
            let scaled = digits < 0 ? number / scale : number * scale
            let rounded =
                scaled.rounded(method == "ceil" ? .up : method == "floor" ? .down : .toNearestOrEven)
            let result = digits < 0 ? rounded * scale : rounded / scale
            return .number(result.isFinite ? result : number)
        }
    }

    /// As the filter does it: words are what stands between spaces, dashes and brackets.
    private static func titled(_ text: String) -> String {
        var (result, isAtStart) = ("", true)
        for scalar in text.unicodeScalars {
            result += isAtStart ? scalar.properties.uppercaseMapping : scalar.properties.lowercaseMapping
            isAtStart = scalar.isPythonSpace || "-({[<".unicodeScalars.contains(scalar)
        }
        return result
    }

    private func indented(_ text: String, _ arguments: TemplateArguments) throws(TemplateError) -> TemplateValue {
        var margin = "    "
        switch arguments["width"] {
        case .string(let text)?: margin = text
        case let width?:
            guard let count = width.asInteger, count <= 1000 else { throw arguments.unfit("a width up to 1000", width) }
            margin = String(repeating: " ", count: max(0, count))
        case nil: break
        }
        let lines = PythonText(text + "\n").lines.map(\.string)
        try check(text.utf8.count + margin.utf8.count * lines.count, line: arguments.line)
        let isBlankIndented = arguments.isTrue("blank")
        var result = ""
        for (index, content) in lines.enumerated() {
            if index > 0 { result += "\n" }
            let isIndented =
                index == 0 ? arguments.isTrue("first") : isBlankIndented || !content.isEmpty
            result += (isIndented ? margin : "") + content
        }
        return try made(result, line: arguments.line)
    }

    private func json(_ value: TemplateValue, _ arguments: TemplateArguments) throws(TemplateError) -> TemplateValue {
        var layout = TemplateJSONLayout()
        switch arguments["indent"] {
        case nil, .some(.none): break
        case .string(let text)?: layout.indentation = text
        case let width?:
            guard let count = width.asInteger, count <= 100 else { throw arguments.unfit("an indent up to 100", width) }
            layout.indentation = String(repeating: " ", count: max(0, count))
        }
        if layout.indentation != nil { layout.itemSeparator = "," }
        switch arguments["separators"] {
        case nil, .some(.none): break
        case let separators?:
            let parts = try iterate(separators, line: arguments.line)
            guard parts.count == 2, case .string(let item) = parts[0], case .string(let key) = parts[1] else {
                throw arguments.unfit("two strings as separators", separators)
            }
            (layout.itemSeparator, layout.keySeparator) = (item, key)
        }
        layout.sortsKeys = arguments.isTrue("sort_keys")
        layout.isASCII = arguments.isTrue("ensure_ascii")
        guard let text = value.json(layout) else { throw arguments.unfit("values that JSON has", value) }
        return try made(text, line: arguments.line)
    }
}
