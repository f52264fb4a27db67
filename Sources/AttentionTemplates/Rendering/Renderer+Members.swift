/// What is inside values.
extension Renderer {
    /// `value.name`: a method of this name before a member.
    func attribute(_ name: String, of value: TemplateValue, line: Int) throws(TemplateError) -> TemplateValue {
        if TemplateMethods.names(of: value).contains(name) { return .method(of: value, name) }
        switch value {
        case .undefined: throw unfit(".\(name)", "a value with members", value, line: line)
        case .dictionary(let dictionary): return dictionary[name] ?? .undefined(name)
        case .namespace(let namespace): return namespace.members[name] ?? .undefined(name)
        case .loop(let loop): return loop.member(name) ?? .undefined("loop.\(name)")
        case .macro(let macro) where name == "name": return .string(macro.statement.name)
        default: return .undefined(name)
        }
    }

    /// `value[key]`: a member before a method of this name.
    func item(_ key: TemplateValue, of value: TemplateValue, line: Int) throws(TemplateError) -> TemplateValue {
        let name = key.text
        switch value {
        case .undefined: throw unfit("[\(name)]", "a value with members", value, line: line)
        case .dictionary(let dictionary):
            if let member = dictionary[key] { return member }
        case .list(let list):
            if let index = key.asInteger {
                return Self.place(index, list.items.count).map { list.items[$0] } ?? .undefined("[\(name)]")
            }
        case .string(let text):
            if let index = key.asInteger {
                try spend(text.utf8.count >> 4, line: line)
                let scalars = Array(text.unicodeScalars)
                return Self.place(index, scalars.count).map { .string(String(scalars[$0])) } ?? .undefined("[\(name)]")
            }
        default: break
        }
        guard case .string = key else { return .undefined("[\(name)]") }
        return try attribute(name, of: value, line: line)
    }

    private static func place(_ index: Int, _ count: Int) -> Int? {
        let place = index < 0 ? index + count : index
        return (0..<count).contains(place) ? place : nil
    }

    func part(
        of owner: TemplateExpression, _ slice: TemplateSlice, in scope: TemplateScope, line: Int
    ) throws(TemplateError) -> TemplateValue {
        let owner = try evaluate(owner, in: scope)
        var bounds: [Int?] = []
        for part in [slice.start, slice.end, slice.step] {
            guard let part else {
                bounds.append(nil)
                continue
            }
            let value = try evaluate(part, in: scope)
            if case .none = value {
                bounds.append(nil)
            } else if let integer = value.asInteger {
                bounds.append(integer)
            } else {
                throw unfit("[:]", "whole numbers", value, line: line)
            }
        }
        guard bounds[2] != 0 else { throw unfit("[:]", "a step that is not 0", .integer(0), line: line) }
        switch owner {
        case .string(let text):
            try spend(text.utf8.count >> 4, line: line)
            let scalars = Array(text.unicodeScalars)
            return .string(PythonText(Self.places(bounds, scalars.count).map { scalars[$0] }).string)
        case .list(let list):
            return try made(
                Self.places(bounds, list.items.count).map { list.items[$0] }, isTuple: list.isTuple, line: line)
        case .undefined: return .undefined("a part of what is undefined")
        default: throw unfit("[:]", "a list or a string", owner, line: line)
        }
    }

    /// The places that a slice of Python takes.
    private static func places(_ bounds: [Int?], _ count: Int) -> [Int] {
        let step = bounds[2] ?? 1
        func bound(_ value: Int, _ least: Int, _ most: Int) -> Int {
            min(max(value < 0 ? value + count : value, least), most)
        }
        if step > 0 {
            let start = bounds[0].map { bound($0, 0, count) } ?? 0
            let end = bounds[1].map { bound($0, 0, count) } ?? count
            return Array(stride(from: start, to: end, by: step))
        }
        let start = bounds[0].map { bound($0, -1, count - 1) } ?? count - 1
        let end = bounds[1].map { bound($0, -1, count - 1) } ?? -1
        return Array(stride(from: start, to: end, by: step))
    }
}
