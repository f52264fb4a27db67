import AttentionFiles

/// What a name of a template may stand for: Python's plain values, and what templates call.
enum TemplateValue {
    /// Nothing was given under this name; as text nothing, in most other uses an error.
    case undefined(String)
    case none
    case boolean(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case list(TemplateList)
    case dictionary(TemplateDictionary)
    case namespace(TemplateNamespace)
    case loop(TemplateLoop)
    case macro(TemplateMacro)
    /// A function that every template knows, by its name.
    case function(String)
    /// A method of a value, not called yet.
    indirect case method(of: TemplateValue, String)

    static func list(_ items: [TemplateValue]) -> TemplateValue { .list(TemplateList(items)) }

    /// Whether `if` takes it for true.
    var isTrue: Bool {
        switch self {
        case .undefined, .none: false
        case .boolean(let value): value
        case .integer(let value): value != 0
        case .number(let value): value != 0
        case .string(let text): !text.isEmpty
        case .list(let list): !list.items.isEmpty
        case .dictionary(let dictionary): !dictionary.members.isEmpty
        case .namespace, .loop, .macro, .function, .method: true
        }
    }

    /// How deep lists and dictionaries lie in one another.
    var depth: Int {
        switch self {
        case .list(let list): list.depth
        case .dictionary(let dictionary): dictionary.depth
        case .method(let owner, _): owner.depth
        default: 0
        }
    }

    /// The whole number that this is, as Python counts: truth values are 0 and 1.
    var asInteger: Int? {
        switch self {
        case .integer(let value): value
        case .boolean(let value): value ? 1 : 0
        default: nil
        }
    }

    /// The number that this is.
    var asNumber: Double? {
        if case .number(let value) = self { value } else { asInteger.map(Double.init) }
    }

    /// What this is, for an error sentence.
    var summary: String {
        switch self {
        case .undefined(let name): "nothing: \(name) is undefined"
        case .none: "none"
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let text): "the string \"\(text.prefix(40))\(text.count > 40 ? "…" : "")\""
        case .list(let list): list.isTuple ? "a tuple" : "a list"
        case .dictionary: "a dictionary"
        case .namespace: "a namespace"
        case .loop: "the loop"
        case .macro(let macro): "the macro \(macro.statement.name)"
        case .function(let name): "the function \(name)"
        case .method(_, let name): "the method \(name)"
        }
    }
}

/// Values in a row; a tuple is one that is written with parentheses.
struct TemplateList {
    let items: [TemplateValue]
    let isTuple: Bool
    /// One more than the deepest of them.
    let depth: Int

    init(_ items: [TemplateValue], isTuple: Bool = false) {
        (self.items, self.isTuple) = (items, isTuple)
        depth = 1 + items.reduce(0) { max($0, $1.depth) }
    }
}

/// Values under keys, in the order in which the keys came.
struct TemplateDictionary {
    private(set) var members: [(key: TemplateValue, value: TemplateValue)] = []
    private(set) var depth = 1

    /// The value under a key. Complexity: O(keys).
    subscript(key: TemplateValue) -> TemplateValue? { members.first { $0.key.isEqual(to: key) }?.value }

    /// The value under a string.
    subscript(name: String) -> TemplateValue? { self[.string(name)] }

    mutating func set(_ key: TemplateValue, _ value: TemplateValue) {
        depth = max(depth, 1 + value.depth)
        if let index = members.firstIndex(where: { $0.key.isEqual(to: key) }) {
            members[index].value = value
        } else {
            members.append((key, value))
        }
    }
}

/// What `namespace()` makes: the one thing whose members a template may set.
final class TemplateNamespace {
    var members = TemplateDictionary()
}

/// A macro and what it sees besides its parameters.
final class TemplateMacro {
    let statement: TemplateMacroStatement
    let scope: TemplateScope

    init(_ statement: TemplateMacroStatement, scope: TemplateScope) {
        (self.statement, self.scope) = (statement, scope)
    }
}

/// Names and what they stand for; what is not here is looked for outside.
final class TemplateScope {
    var values: [String: TemplateValue] = [:]
    private let outer: TemplateScope?

    init(inside outer: TemplateScope? = nil) { self.outer = outer }

    func value(of name: String) -> TemplateValue? {
        var scope: TemplateScope? = self
        while let current = scope {
            if let value = current.values[name] { return value }
            scope = current.outer
        }
        return nil
    }
}

extension TemplateValue {
    /// A value from outside.
    init(_ json: JSONValue) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .boolean(value)
        case .number(.integer(let value)): self = .integer(Int(value))
        case .number(let number): self = .number(number.double)
        case .string(let text): self = .string(text)
        case .array(let values): self = .list(values.map(TemplateValue.init))
        case .object(let members):
            var dictionary = TemplateDictionary()
            for member in members { dictionary.set(.string(member.key), TemplateValue(member.value)) }
            self = .dictionary(dictionary)
        case .table(let table): self.init(table.tree)
        }
    }
}
