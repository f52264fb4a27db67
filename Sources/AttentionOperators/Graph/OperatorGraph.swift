import AttentionMechanisms
import AttentionTensors

/// A graph attribute of an operator: nodes that compute one tensor from another, each once all it needs is there.
///
///     {"inputs": ["scores"], "outputs": ["out"], "initializers": [{"name": "cap", …}], "nodes": [{"op": "Div", …}, …]}
struct OperatorGraph {
    private let name: String
    private let input: String
    private let output: String
    private let initializers: [String: GraphValue]
    private let nodes: [GraphNode]

    /// - Throws: `RequestError` if the graph does not have one input and one output, or an initializer or a node cannot be read.
    init(_ options: Options, name: String) throws {
        self.name = name
        let (inputs, outputs) = (
            try options.texts(ifGiven: "inputs") ?? [], try options.texts(ifGiven: "outputs") ?? []
        )
        guard inputs.count == 1, outputs.count == 1 else {
            throw RequestError.unfitOption(
                name, expected: "one input and one output", found: "\(inputs.count) and \(outputs.count)")
        }
        (input, output) = (inputs[0], outputs[0])
        var initializers: [String: GraphValue] = [:]
        for table in try options.tables("initializers") {
            initializers[try table.text("name")] = try GraphValue(constant: table)
        }
        self.initializers = initializers
        nodes = try options.tables("nodes").map(GraphNode.init)
    }

    /// What the graph makes of a tensor; every result is rounded to `precision`.
    /// - Throws: `RequestError` for an unknown operator or edge, `ShapeError` for what does not fit.
    func run(on tensor: Tensor, precision: ElementType) throws -> Tensor {
        var edges = initializers
        edges[input] = .real(tensor)
        for node in nodes {
            // An empty name stands for an input that is left out.
            let inputs = try node.inputs.map { edge -> GraphValue? in
                guard !edge.isEmpty else { return nil }
                guard let value = edges[edge] else { throw unknown(edge, edges) }
                return value
            }
            let result = try node.compute(inputs)
            guard node.outputs.count == 1 else {
                throw RequestError.unfitOption(
                    "outputs of \(node.operation)", expected: "one name", found: "\(node.outputs)")
            }
            if case .real(let real) = result {
                edges[node.outputs[0]] = .real(real.roundedStraightThrough(to: precision))
            } else {
                edges[node.outputs[0]] = result
            }
        }
        guard let value = edges[output] else { throw unknown(output, edges) }
        guard case .real(let result) = value else {
            throw RequestError.unfitOption("output of \(name)", expected: "numbers", found: value.kind)
        }
        return result
    }

    private func unknown(_ edge: String, _ edges: [String: GraphValue]) -> RequestError {
        .unknown(kind: "value in \(name)", name: edge, known: edges.keys.sorted())
    }
}

/// One node of a graph: an operator, the names of what it takes and gives, and its attributes.
struct GraphNode {
    let operation: String
    let inputs: [String]
    let outputs: [String]
    let attributes: Options

    init(_ options: Options) throws {
        operation = try options.text("op")
        inputs = try options.texts(ifGiven: "inputs") ?? []
        outputs = try options.texts(ifGiven: "outputs") ?? []
        attributes = try options.table("attributes") ?? Options([:], of: operation, declared: Self.attributes)
    }

    /// The operator's result.
    /// - Throws: `RequestError.unknown` for an operator nobody knows here, with the nearest known one.
    func compute(_ inputs: [GraphValue?]) throws -> GraphValue {
        let arguments = GraphArguments(operation: operation, values: inputs, attributes: attributes)
        guard let function = Self.functions[operation] else {
            throw RequestError.unknown(
                kind: "operator in a graph", name: operation, known: Self.functions.keys.sorted())
        }
        return try function(arguments)
    }

    /// What a graph is told.
    static let graphOptions: [OptionDescriptor] = [
        .texts("inputs", else: "none"), .texts("outputs", else: "none"), .tables("initializers", constant),
        .tables("nodes", options),
    ]

    /// What a node is told.
    private static let options: [OptionDescriptor] = [
        .text("op"), .texts("inputs", else: "none"), .texts("outputs", else: "none"), .text("domain", default: ""),
        .table("attributes", attributes, else: "none"),
    ]

    /// The attributes of all operators; each reads its own.
    private static let attributes: [OptionDescriptor] =
        ["alpha", "beta", "value_float"].map { .number($0, else: "as its operator says") }
        + ["axis", "start", "end", "to", "value_int"].map { .integer($0, else: "as its operator says") }
        + ["allowzero", "detect_negative", "detect_positive", "fmod", "keepdims", "upper"].map {
            .truth($0, else: "as its operator says")
        }
        + ["axes", "perm", "value_ints"].map { .integers($0, else: "as its operator says") }
        + [.text("approximate", default: "none"), .table("value", constant, else: "none")]

    /// A tensor that stands in the graph.
    private static let constant: [OptionDescriptor] = [
        .text("dtype"), .integers("shape"), .text("name", else: "nothing"), .other("values", "a list of numbers"),
    ]

    typealias Function = @Sendable (GraphArguments) throws -> GraphValue

    private static let functions: [String: Function] = [
        elementFunctions, pairFunctions, logicFunctions, shapeFunctions, rowFunctions,
    ].reduce(into: [:]) { table, part in table.merge(part) { first, _ in first } }
}

/// What a node's operator is given.
struct GraphArguments {
    let operation: String
    let values: [GraphValue?]
    let attributes: Options

    /// How many inputs there are.
    var count: Int { values.count }

    /// An input that must be there.
    subscript(index: Int) -> GraphValue {
        get throws(RequestError) {
            guard let value = self[ifPresent: index] else {
                throw .unfitOption(
                    "inputs of \(operation)", expected: "at least \(index + 1)", found: "\(values.count)")
            }
            return value
        }
    }

    /// An input that may be left out.
    subscript(ifPresent index: Int) -> GraphValue? { values.indices.contains(index) ? values[index] : nil }

    /// An input of integers, flat.
    func integers(_ index: Int) throws(RequestError) -> [Int] {
        guard case .integers(let integers) = try self[index] else {
            throw .unfitOption("input \(index) of \(operation)", expected: "integers", found: try self[index].kind)
        }
        return integers.values
    }

    /// An attribute, or else the default; without a default it must be given.
    func integer(_ name: String, default standard: Int?) throws(RequestError) -> Int {
        if let integer = try attributes.integer(ifGiven: name) ?? standard { return integer }
        throw .missingOption(name, mechanism: operation)
    }

    /// An axis of a shape, from the attribute or the default.
    func axis(_ name: String = "axis", of shape: Shape, default standard: Int? = nil) throws -> Int {
        try normalized(try integer(name, default: standard), of: shape.rank)
    }

    /// An axis counted from the front.
    func normalized(_ axis: Int, of rank: Int) throws(RequestError) -> Int {
        let counted = axis < 0 ? axis &+ rank : axis
        guard (0..<rank).contains(counted) else {
            throw .unfitOption("axis of \(operation)", expected: "an axis of \(rank)", found: "\(axis)")
        }
        return counted
    }
}

extension GraphValue {
    /// The tensor that an initializer or an attribute holds: `dtype`, `shape` and `values`.
    init(constant table: Options) throws {
        let type = try table.text("dtype")
        guard let sizes = try table.integers(ifGiven: "shape") else {
            throw RequestError.missingOption("shape", mechanism: table.owner)
        }
        let shape = try Shape(nonnegative: sizes, in: "initializer")
        guard case .list(let values)? = try table.value("values"), values.count == shape.elementCount else {
            throw RequestError.unfitOption(
                "values of an initializer", expected: "a list of \(shape.elementCount)",
                found: try table.value("values").map(\.description) ?? "none")
        }
        let numbers = try values.map { (value) throws(RequestError) in try value.asNumber(in: "an initializer") }
        switch type {
        case "FLOAT", "FLOAT16", "BFLOAT16", "DOUBLE": self = .real(try Tensor(numbers.map { Float($0) }, shape: shape))
        case "BOOL": self = .truths(try Mask(numbers.map { $0 != 0 }, shape: shape))
        case "INT64", "INT32", "INT16", "INT8", "UINT8", "UINT16", "UINT32", "UINT64":
            let integers = numbers.compactMap { Int(exactly: $0) }
            guard integers.count == numbers.count else {
                throw RequestError.unfitOption(
                    "values of an initializer", expected: "integers", found: "\(numbers)")
            }
            self = .integers(IntegerTensor(values: integers, shape: shape))
        default:
            throw RequestError.unknown(
                kind: "dtype of an initializer", name: type,
                known: ["FLOAT", "FLOAT16", "BFLOAT16", "DOUBLE", "BOOL", "INT64", "INT32"])
        }
    }
}

extension OptionValue {
    /// A number, a truth value as 0 or 1, or one of the texts that stand for what JSON has no number for.
    fileprivate func asNumber(in place: String) throws(RequestError) -> Double {
        switch self {
        case .number(let number): return number
        case .truth(let truth): return truth ? 1 : 0
        case .text("inf"), .text("Infinity"): return .infinity
        case .text("-inf"), .text("-Infinity"): return -.infinity
        case .text("nan"), .text("NaN"): return .nan
        default: throw .unfitOption("values of \(place)", expected: "numbers", found: "\(self)")
        }
    }
}

extension Shape {
    /// - Throws: `ShapeError` in the name of `operation` if a size is negative, or there are more elements than a graph may hold, 2²⁸.
    init(nonnegative sizes: [Int], in operation: String) throws(ShapeError) {
        guard sizes.allSatisfy({ $0 >= 0 }) else {
            throw ShapeError(operation, expected: "sizes of at least 0", found: "\(sizes)")
        }
        self = try Shape(sizes).checked(for: operation)
        guard elementCount <= 1 << 28 else {
            throw ShapeError(operation, expected: "at most 2²⁸ elements", found: "\(sizes)")
        }
    }
}
