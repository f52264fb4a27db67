import AttentionFiles

/// Methods of Python's strings, dictionaries and lists, as far as they change nothing.
enum TemplateMethods {
    private static let text: [String: [String]] = [
        "strip": ["chars"], "lstrip": ["chars"], "rstrip": ["chars"], "split": ["sep", "maxsplit"],
        "rsplit": ["sep", "maxsplit"], "splitlines": [], "startswith": ["prefix"], "endswith": ["suffix"], "upper": [],
        "lower": [], "title": [], "capitalize": [], "replace": ["old", "new", "count"], "find": ["sub"],
        "rfind": ["sub"],
        "index": ["sub"], "count": ["sub"], "join": ["iterable"], "removeprefix": ["prefix"],
        "removesuffix": ["suffix"], "isdigit": [], "isalpha": [], "isalnum": [], "isspace": [], "isupper": [],
        "islower": [], "partition": ["sep"], "rpartition": ["sep"], "zfill": ["width"],
    ]
    private static let dictionary: [String: [String]] = [
        "get": ["key", "default"], "items": [], "keys": [], "values": [], "copy": [],
    ]
    private static let list: [String: [String]] = ["index": ["value"], "count": ["value"], "copy": []]
    /// Those that change what they belong to, which templates may not.
    private static let changing: Set<String> = [
        "append", "extend", "insert", "remove", "pop", "clear", "sort", "reverse", "update", "setdefault", "popitem",
    ]

    private static func parameters(of value: TemplateValue) -> [String: [String]] {
        switch value {
        case .string: text
        case .dictionary: dictionary
        case .list: list
        default: [:]
        }
    }

    /// What may be called behind a point.
    static func names(of value: TemplateValue) -> Set<String> {
        switch value {
        case .dictionary: Set(dictionary.keys).union(["pop", "clear", "update", "setdefault", "popitem"])
        case .list: Set(list.keys).union(changing)
        default: Set(parameters(of: value).keys)
        }
    }

    static func call(
        _ name: String, of owner: TemplateValue, _ arguments: TemplateArguments, _ renderer: Renderer
    ) throws(TemplateError) -> TemplateValue {
        if case .loop(let loop) = owner {
            guard !arguments.positional.isEmpty else { throw arguments.unfit("at least one value", .none) }
            return arguments.positional[loop.index % arguments.positional.count]
        }
        let known = parameters(of: owner)
        guard let parameters = known[name] else {
            if changing.contains(name) {
                throw TemplateError(
                    line: arguments.line,
                    .unfit(operation: name, expected: "a method that changes nothing", found: "one that does"))
            }
            throw TemplateError(
                line: arguments.line,
                .unknown(kind: "method", name: name, nearest: NearestName.of(name, among: known.keys)))
        }
        let bound = try arguments.bound(to: parameters, of: name)
        switch owner {
        case .string(let text):
            try renderer.spend(text.utf8.count >> 4, line: arguments.line)
            return try call(name, of: PythonText(text), bound, renderer)
        case .dictionary(let dictionary): return try call(name, of: dictionary, bound, renderer)
        case .list(let list): return try call(name, of: list, bound)
        default: return .undefined(name)
        }
    }

    // MARK: Dictionaries and lists

    private static func call(
        _ name: String, of dictionary: TemplateDictionary, _ arguments: TemplateArguments, _ renderer: Renderer
    ) throws(TemplateError) -> TemplateValue {
        let members = dictionary.members
        switch name {
        case "get": return dictionary[try arguments.required("key")] ?? arguments["default"] ?? .none
        case "keys": return try renderer.made(members.map(\.key), line: arguments.line)
        case "values": return try renderer.made(members.map(\.value), line: arguments.line)
        case "items": return try renderer.made(pairs(of: dictionary), line: arguments.line)
        default: return .dictionary(dictionary)
        }
    }

    static func pairs(of dictionary: TemplateDictionary) -> [TemplateValue] {
        dictionary.members.map { .list(TemplateList([$0.key, $0.value], isTuple: true)) }
    }

    private static func call(
        _ name: String, of list: TemplateList, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        if name == "copy" { return .list(list) }
        let value = try arguments.required("value")
        let places = list.items.indices.filter { list.items[$0].isEqual(to: value) }
        if name == "count" { return .integer(places.count) }
        guard let first = places.first else { throw arguments.unfit("a value that is in the list", value) }
        return .integer(first)
    }

    // MARK: Strings

    private static func call(
        _ name: String, of text: PythonText, _ arguments: TemplateArguments, _ renderer: Renderer
    ) throws(TemplateError) -> TemplateValue {
        let line = arguments.line
        func list(_ parts: [PythonText], isTuple: Bool = false) throws(TemplateError) -> TemplateValue {
            try renderer.made(parts.map { .string($0.string) }, isTuple: isTuple, line: line)
        }
        switch name {
        case "strip": return .string(text.stripped(try arguments.string("chars")).string)
        case "lstrip": return .string(text.stripped(try arguments.string("chars"), right: false).string)
        case "rstrip": return .string(text.stripped(try arguments.string("chars"), left: false).string)
        case "split", "rsplit":
            let separator = try arguments.string("sep")
            guard separator != "" else { throw arguments.unfit("a separator that is not empty", .string("")) }
            let limit = try arguments.integer("maxsplit").flatMap { $0 < 0 ? nil : $0 }
            return try list(
                name == "split"
                    ? text.split(separator, limit: limit) : text.splitFromRight(separator, limit: limit))
        case "partition", "rpartition":
            let separator = try arguments.requiredString("sep")
            guard !separator.isEmpty else { throw arguments.unfit("a separator that is not empty", .string("")) }
            let isLeft = name == "partition"
            let parts = isLeft ? text.split(separator, limit: 1) : text.splitFromRight(separator, limit: 1)
            let (nothing, cut) = (PythonText(""), PythonText(separator))
            guard parts.count == 2 else {
                return try list(isLeft ? [text, nothing, nothing] : [nothing, nothing, text], isTuple: true)
            }
            return try list([parts[0], cut, parts[1]], isTuple: true)
        case "splitlines": return try list(text.lines)
        case "startswith", "endswith": return .boolean(try hasSide(text, name, arguments))
        case "upper": return try renderer.made(text.string.uppercased(), line: line)
        case "lower": return try renderer.made(text.lowercased, line: line)
        case "title": return try renderer.made(text.titled, line: line)
        case "capitalize": return try renderer.made(text.capitalized, line: line)
        case "replace":
            let (old, new) = (try arguments.requiredString("old"), try arguments.requiredString("new"))
            let limit = try arguments.integer("count").flatMap { $0 < 0 ? nil : $0 }
            // Each character may become `new`.
            let places = old.isEmpty ? text.scalars.count + 1 : text.split(old, limit: limit).count
            let (size, overflows) = new.utf8.count.multipliedReportingOverflow(by: places)
            try renderer.check(overflows ? .max : size, line: line)
            return try renderer.made(text.replacing(old, new, limit: limit), line: line)
        case "join":
            var parts: [String] = []
            for item in try renderer.iterate(try arguments.required("iterable"), line: line) {
                guard case .string(let part) = item else { throw arguments.unfit("strings", item) }
                parts.append(part)
            }
            let (size, overflows) = text.scalars.count.multipliedReportingOverflow(by: parts.count)
            try renderer.check(overflows ? .max : size, line: line)
            return try renderer.made(parts.joined(separator: text.string), line: line)
        case "removeprefix":
            let prefix = PythonText(try arguments.requiredString("prefix")).scalars
            return .string(String(text.scalars.dropFirst(text.scalars.starts(with: prefix) ? prefix.count : 0)))
        case "removesuffix":
            let suffix = PythonText(try arguments.requiredString("suffix")).scalars
            let ends = text.scalars.suffix(suffix.count).elementsEqual(suffix)
            return .string(String(text.scalars.dropLast(ends ? suffix.count : 0)))
        case "zfill":
            let width = try arguments.integer("width") ?? 0
            try renderer.check(width, line: line)
            return .string(String(repeating: "0", count: max(0, width - text.scalars.count)) + text.string)
        case "find", "rfind", "index", "count":
            let sought = PythonText(try arguments.requiredString("sub"))
            if name == "count" {
                return .integer(
                    sought.scalars.isEmpty
                        ? text.scalars.count + 1 : text.split(sought.string, limit: nil).count - 1)
            }
            let place =
                name == "rfind"
                ? PythonText(text.scalars.reversed()).find(PythonText(sought.scalars.reversed())).map {
                    text.scalars.count - $0 - sought.scalars.count
                } : text.find(sought)
            if place == nil, name == "index" { throw arguments.unfit("a part of the string", .string(sought.string)) }
            return .integer(place ?? -1)
        default: return .boolean(isAll(name, text.scalars))
        }
    }

    private static func hasSide(
        _ text: PythonText, _ name: String, _ arguments: TemplateArguments
    ) throws(TemplateError) -> Bool {
        let isPrefix = name == "startswith"
        let sought = try arguments.required(isPrefix ? "prefix" : "suffix")
        var candidates = [sought]
        if case .list(let list) = sought, list.isTuple { candidates = list.items }
        for candidate in candidates {
            guard case .string(let side) = candidate else { throw arguments.unfit("a string", candidate) }
            let part = Array(side.unicodeScalars)
            if isPrefix ? text.scalars.starts(with: part) : text.scalars.suffix(part.count).elementsEqual(part) {
                return true
            }
        }
        return false
    }

    private static func isAll(_ name: String, _ scalars: [Unicode.Scalar]) -> Bool {
        switch name {
        case "isupper":
            return scalars.contains(where: \.properties.isUppercase)
                && !scalars.contains(where: \.properties.isLowercase)
        case "islower":
            return scalars.contains(where: \.properties.isLowercase)
                && !scalars.contains(where: \.properties.isUppercase)
        default: break
        }
        guard !scalars.isEmpty else { return false }
        return scalars.allSatisfy { scalar in
            let isNumber = scalar.properties.numericType != nil
            return switch name {
            case "isdigit": isNumber && scalar.properties.numericType != .numeric
            case "isspace": scalar.isPythonSpace
            case "isalpha": scalar.properties.generalCategory.isLetter
            default: isNumber || scalar.properties.generalCategory.isLetter
            }
        }
    }
}

extension Unicode.GeneralCategory {
    fileprivate var isLetter: Bool {
        switch self {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }
}
