internal import AttentionFiles

/// The members of a `preprocessor_config.json`, each checked as it is read. What is null counts as left out.
struct ProcessorValues {
    static let operation = "preprocessor_config.json"
    private let members: [JSONMember]

    /// Reads a file, or that of a folder: `preprocessor_config.json`, or what newer versions of transformers write in its place, in which this is one
    /// part of several.
    init(contentsOf path: String, _ part: ProcessorPart) throws(SignalError) {
        guard Directory.isDirectory(path) else {
            let values = try Self(file: path)
            guard let inner = values.value(part.rawValue) else {
                self = values
                return
            }
            self.init(inner)
            return
        }
        let (file, newer) = (path + "/preprocessor_config.json", path + "/processor_config.json")
        if Directory.hasFile(file) {
            try self.init(contentsOf: file, part)
            return
        }
        guard Directory.hasFile(newer) else {
            throw part.missing(in: path, found: "neither it nor a processor_config.json")
        }
        guard let values = try Self(file: newer).value(part.rawValue) else {
            throw part.missing(in: path, found: "a processor_config.json without \(part.rawValue)")
        }
        self.init(values)
    }

    private init(file: String) throws(SignalError) {
        let bytes: [UInt8]
        do { bytes = try FileContents.read(file) } catch { throw .file(error) }
        try self.init(bytes)
    }

    init(_ bytes: [UInt8]) throws(SignalError) {
        do throws(JSONError) { self.init(try JSONParser.parse(bytes)) } catch {
            throw .malformed(operation: Self.operation, expected: "JSON", found: "what gives: \(error)")
        }
    }

    private init(_ document: JSONValue) {
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
        guard case .number(let number) = value, number.double.isFinite else {
            throw unfit(name, "a number", value.summary)
        }
        return number.double
    }

    func positive(_ name: String) throws(SignalError) -> Double? {
        guard let number = try number(name) else { return nil }
        guard number > 0 else { throw unfit(name, "a number above 0", "\(number)") }
        return number
    }

    private func part(_ name: String) throws(SignalError) -> Double? {
        guard let number = try number(name) else { return nil }
        guard 0.01...1 ~= number else { throw unfit(name, "a number from 0.01 to 1", "\(number)") }
        return number
    }

    /// A whole number, by default one that can be a size.
    func integer(_ name: String, in range: ClosedRange<Int> = 0...65536) throws(SignalError) -> Int? {
        guard let value = value(name) else { return nil }
        return try integer(value, name, in: range)
    }

    private func integer(
        _ value: JSONValue, _ name: String, in range: ClosedRange<Int> = 0...65536
    ) throws(SignalError) -> Int {
        guard case .number(let number) = value, let integer = number.exactly(Int.self), range.contains(integer) else {
            throw unfit(name, "a whole number from \(range.lowerBound) to \(range.upperBound)", value.summary)
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
        let (part, longest) = (try part("crop_pct") ?? 224.0 / 256, try integer("max_size"))
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
