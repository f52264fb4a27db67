/// Filters on many values.
extension Renderer {
    func filterList(
        _ value: TemplateValue, _ name: String, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        let line = arguments.line
        switch name {
        case "length", "count":
            switch value {
            case .string(let text): return .integer(text.unicodeScalars.count)
            default: return .integer(try iterate(value, line: line).count)
            }
        case "first": return try iterate(value, line: line).first ?? .undefined("the first of nothing")
        case "last": return try iterate(value, line: line).last ?? .undefined("the last of nothing")
        case "list": return try made(try iterate(value, line: line), line: line)
        case "reverse":
            if case .string(let text) = value {
                return .string(PythonText(text.unicodeScalars.reversed()).string)
            }
            return try made(try iterate(value, line: line).reversed(), line: line)
        case "items":
            if case .undefined = value { return .list([]) }
            guard case .dictionary(let dictionary) = value else { throw arguments.unfit("a dictionary", value) }
            return try made(TemplateMethods.pairs(of: dictionary), line: line)
        case "dictsort":
            guard case .dictionary(let dictionary) = value else { throw arguments.unfit("a dictionary", value) }
            let place = try arguments.string("by") == "value" ? 1 : 0
            return try sorted(TemplateMethods.pairs(of: dictionary), arguments) { (pair) throws(TemplateError) in
                try self.item(.integer(place), of: pair, line: line)
            }
        case "map", "select", "reject", "selectattr", "rejectattr":
            return try passed(try iterate(value, line: line), name, arguments)
        default: return try filterMembers(try iterate(value, line: line), name, arguments)
        }
    }

    /// Filters that may look at a member of each value.
    private func filterMembers(
        _ items: [TemplateValue], _ name: String, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        let line = arguments.line
        let path = arguments["attribute"]
        func key(_ item: TemplateValue) throws(TemplateError) -> TemplateValue {
            guard let path, !path.isNone else { return item }
            return try member(path, of: item, line: line)
        }
        switch name {
        case "join":
            var (parts, size): ([String], Int) = ([], 0)
            let separator = arguments["d"]?.text ?? ""
            for item in items {
                parts.append(try key(item).text)
                size += parts[parts.count - 1].utf8.count + separator.utf8.count
                try check(size, line: line)
            }
            return try made(parts.joined(separator: separator), line: line)
        case "sum":
            var sum = arguments["start"] ?? .integer(0)
            for item in items { sum = try arithmetic(sum, "+", try key(item), line: line) }
            return sum
        case "min", "max":
            let order = try sorted(items, arguments, by: key)
            guard case .list(let list) = order else { return order }
            return (name == "min" ? list.items.first : list.items.last) ?? .undefined("the \(name) of nothing")
        case "sort": return try sorted(items, arguments, by: key)
        case "unique":
            var (seen, kept): ([TemplateValue], [TemplateValue]) = ([], [])
            for item in items {
                let value = Self.folded(try key(item), arguments)
                try spend(seen.count, line: line)
                guard !seen.contains(where: { $0.isEqual(to: value) }) else { continue }
                seen.append(value)
                kept.append(item)
            }
            return try made(kept, line: line)
        default:
            guard let count = try arguments.integer("linecount"), count > 0 else {
                throw arguments.unfit("a number from 1 up", arguments["linecount"] ?? .none)
            }
            var batches: [TemplateValue] = []
            for start in stride(from: 0, to: items.count, by: count) {
                var batch = Array(items[start..<min(items.count, start + count)])
                if let fill = arguments["fill_with"], !fill.isNone, count <= 10_000 {
                    batch += [TemplateValue](repeating: fill, count: count - batch.count)
                }
                batches.append(try made(batch, line: line))
            }
            return try made(batches, line: line)
        }
    }

    /// `a.b.0` of a value.
    private func member(_ path: TemplateValue, of value: TemplateValue, line: Int) throws(TemplateError)
        -> TemplateValue
    {
        guard case .string(let text) = path else { return try item(path, of: value, line: line) }
        var value = value
        for part in text.split(separator: ".") {
            value = try item(Int(part).map { .integer($0) } ?? .string(String(part)), of: value, line: line)
        }
        return value
    }

    private static func folded(_ value: TemplateValue, _ arguments: TemplateArguments) -> TemplateValue {
        guard case .string(let text) = value, !arguments.isTrue("case_sensitive") else { return value }
        return .string(text.lowercased())
    }

    private func sorted(
        _ items: [TemplateValue], _ arguments: TemplateArguments,
        by key: (TemplateValue) throws(TemplateError) -> TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        var keyed: [(key: TemplateValue, item: TemplateValue)] = []
        for item in items { keyed.append((Self.folded(try key(item), arguments), item)) }
        try spend(items.count * 8, line: arguments.line)
        if let first = keyed.first, let other = keyed.first(where: { first.key.isLess(than: $0.key) == nil }) {
            throw arguments.unfit("values that can be compared with \(first.key.summary)", other.key)
        }
        let isReversed = arguments.isTrue("reverse")
        // Python's order is stable, in reverse too.
        let order = keyed.indices.sorted { i, j in
            let (first, second) = isReversed ? (j, i) : (i, j)
            if keyed[first].key.isLess(than: keyed[second].key) ?? false { return true }
            if keyed[second].key.isLess(than: keyed[first].key) ?? false { return false }
            return i < j
        }
        return try made(order.map { keyed[$0].item }, line: arguments.line)
    }

    /// Filters that hand each value to another filter, or to a test.
    private func passed(
        _ items: [TemplateValue], _ name: String, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        var kept: [TemplateValue] = []
        for item in items {
            try spend(line: arguments.line)
            if name == "map" {
                kept.append(try mapped(item, arguments))
            } else if try holds(item, name, arguments) != name.hasPrefix("reject") {
                kept.append(item)
            }
        }
        return try made(kept, line: arguments.line)
    }

    private func mapped(_ item: TemplateValue, _ arguments: TemplateArguments) throws(TemplateError) -> TemplateValue {
        if arguments.positional.isEmpty {
            let value = try member(try arguments.required("attribute"), of: item, line: arguments.line)
            if case .undefined = value { return arguments["default"] ?? value }
            return value
        }
        var rest = arguments
        guard case .string(let name) = rest.positional.removeFirst() else {
            throw arguments.unfit("the name of a filter", arguments.positional[0])
        }
        return try filter(item, name, rest)
    }

    private func holds(
        _ item: TemplateValue, _ name: String, _ arguments: TemplateArguments
    ) throws(TemplateError) -> Bool {
        var (value, rest) = (item, arguments)
        if name.hasSuffix("attr") {
            guard !rest.positional.isEmpty else { throw arguments.unfit("the name of a member", .none) }
            value = try member(rest.positional.removeFirst(), of: item, line: arguments.line)
        }
        guard !rest.positional.isEmpty else { return value.isTrue }
        let test = rest.positional.removeFirst()
        let spelling = ["==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"][test.text] ?? test.text
        guard TemplateTests.names.contains(spelling) else {
            throw TemplateError(line: arguments.line, .unknown(kind: "test", name: spelling, nearest: nil))
        }
        return try self.test(value, spelling, rest)
    }
}

extension TemplateValue {
    fileprivate var isNone: Bool { if case .none = self { true } else { false } }
}
