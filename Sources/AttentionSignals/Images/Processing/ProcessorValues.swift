internal import AttentionFiles

/// The members of a `preprocessor_config.json`, each checked as it is read. What is null counts as left out.
struct ProcessorValues {
    static let operation = "preprocessor_config.json"
    private let members: [JSONMember]

    init(_ document: JSONValue) {
        if case .object(let members) = document { self.members = members } else { members = [] }
    }

    private func value(_ name: String) -> JSONValue? {
        guard let value = members.first(where: { $0.key == name })?.value, value != .null else { return nil }
        return value
    }

    func unfit(_ name: String, _ expected: String, _ found: String) -> SignalError {
        .unfit(
            operation: Self.operation, expected: "\(expected) as \(name)", found: found,
            wayOut: "correct the file, or take the model's own")
    }

    func string(_ name: String) throws(SignalError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let string) = value else { throw unfit(name, "a name", value.summary) }
        return string
    }

    func bool(_ name: String) throws(SignalError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .bool(let bool) = value else { throw unfit(name, "true or false", value.summary) }
        return bool
    }

    func number(_ name: String) throws(SignalError) -> Double? {
        guard let value = value(name) else { return nil }
        guard case .number(let number) = value, number.double.isFinite, number.double > 0 else {
            throw unfit(name, "a number above 0", value.summary)
        }
        return number.double
    }

    func integer(_ name: String) throws(SignalError) -> Int? {
        guard let value = value(name) else { return nil }
        return try integer(value, name)
    }

    private func integer(_ value: JSONValue, _ name: String) throws(SignalError) -> Int {
        guard case .number(let number) = value, let integer = number.exactly(Int.self), 0...65536 ~= integer else {
            throw unfit(name, "a whole number from 0 to 65536", value.summary)
        }
        return integer
    }

    /// Three numbers, or one for all.
    func numbers(_ name: String) throws(SignalError) -> [Float]? {
        guard let value = value(name) else { return nil }
        if case .number(let number) = value { return [Float](repeating: number.float, count: 3) }
        guard case .array(let elements) = value, elements.count == 3 else {
            throw unfit(name, "three numbers", value.summary)
        }
        var numbers: [Float] = []
        for element in elements {
            guard case .number(let number) = element else { throw unfit(name, "three numbers", element.summary) }
            numbers.append(number.float)
        }
        return numbers
    }

    /// A height and a width: one number for both, two, or by name.
    func size(_ name: String) throws(SignalError) -> (height: Int, width: Int)? {
        guard let value = value(name) else { return nil }
        switch value {
        case .array(let sides) where sides.count == 2: return (try integer(sides[0], name), try integer(sides[1], name))
        case .object:
            let inner = ProcessorValues(value)
            if let edge = try inner.integer("shortest_edge") { return (edge, edge) }
            guard let height = try inner.integer("height"), let width = try inner.integer("width") else {
                throw unfit(name, "a height and a width", "other members")
            }
            return (height, width)
        default:
            let side = try integer(value, name)
            return (side, side)
        }
    }

    /// What `size` says to a processor of this kind.
    func target(_ kind: ImageProcessorKind) throws(SignalError) -> ImageTarget? {
        guard let value = value("size") else { return nil }
        let (part, longest) = (try number("crop_pct") ?? 224.0 / 256, try integer("max_size"))
        guard case .object = value else {
            guard case .number = value, !kind.squares else {
                return try size("size").map { .exact(height: $0.height, width: $0.width) }
            }
            let edge = try integer(value, "size")
            if kind == .convNext { return .square(edge, part: part) }
            return kind.isDetector ? .edges(shortest: edge, longest: longest ?? 1333) : .shortestEdge(edge)
        }
        let inner = ProcessorValues(value)
        if let edge = try inner.integer("shortest_edge") {
            if kind == .convNext { return .square(edge, part: part) }
            return try inner.integer("longest_edge").map { .edges(shortest: edge, longest: $0) } ?? .shortestEdge(edge)
        }
        if let height = try inner.integer("max_height"), let width = try inner.integer("max_width") {
            return .within(height: height, width: width)
        }
        return try size("size").map { .exact(height: $0.height, width: $0.width) }
    }
}
