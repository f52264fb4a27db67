import AttentionMechanisms
import AttentionTensors
import Glibc

extension GraphNode {
    /// Functions of two tensors (Min, Max, Sum and Mean: of any number), aligned at their last axes. Integers stay integers.
    static let pairFunctions: [String: Function] = Dictionary(
        uniqueKeysWithValues: realPairs.keys.filter { $0 != "Remainder" }.map { name in
            (
                name,
                { @Sendable arguments in
                    let truncates = try name == "Mod" && arguments.attributes.truth(ifGiven: "fmod") == true
                    guard name == "Min" || name == "Max" else {
                        return try pair(truncates ? "Remainder" : name, try arguments[0], try arguments[1])
                    }
                    return try (1..<max(arguments.count, 1)).reduce(try arguments[0]) {
                        try pair(name, $0, try arguments[$1])
                    }
                }
            )
        }
    ).merging([
        "Sum": { try sum($0) },
        "Mean": { arguments in .real(try sum(arguments).asReal / Float(max(arguments.count, 1))) },
    ]) { first, _ in first }

    /// One of these functions of two values.
    static func pair(_ name: String, _ left: GraphValue, _ right: GraphValue) throws -> GraphValue {
        if case .integers(let x) = left, case .integers(let y) = right, let function = integerPairs[name] {
            let shape = try common(name, x.shape, y.shape)
            let pairs = zip(try x.expanded(to: shape), try y.expanded(to: shape))
            return .integers(IntegerTensor(values: try pairs.map { try function($0, $1) }, shape: shape))
        }
        guard let rule = realPairs[name] else {
            throw RequestError.unknown(kind: "operator in a graph", name: name, known: realPairs.keys.sorted())
        }
        let (x, y) = (left.asReal, right.asReal)
        _ = try common(name, x.shape, y.shape)
        return .real(.combined(name, x, y, rule))
    }

    /// The shape both are expanded to.
    static func common(_ name: String, _ first: Shape, _ second: Shape) throws(ShapeError) -> Shape {
        guard let shape = first.broadcast(with: second) else {
            throw ShapeError(name, expected: "an operand that fits \(first)", found: "\(second)")
        }
        return shape
    }

    private static func sum(_ arguments: GraphArguments) throws -> GraphValue {
        try (1..<max(arguments.count, 1)).reduce(try arguments[0]) { try pair("Add", $0, try arguments[$1]) }
    }

    private static let realPairs: [String: Tensor.PairFunction] = [
        "Add": Tensor.PairFunction({ $0 + $1 }, { _, _ in 1 }, { _, _ in 1 }),
        "Sub": Tensor.PairFunction({ $0 - $1 }, { _, _ in 1 }, { _, _ in -1 }),
        "Mul": Tensor.PairFunction({ $0 * $1 }, { $1 }, { x, _ in x }),
        "Div": Tensor.PairFunction({ $0 / $1 }, { 1 / $1 }, { -$0 / ($1 * $1) }),
        "Pow": Tensor.PairFunction(
            powf, { $1 == 0 ? 0 : $1 * powf($0, $1 - 1) }, { $0 > 0 ? powf($0, $1) * logf($0) : 0 }),
        "Mod": Tensor.PairFunction({ $0 - floorf($0 / $1) * $1 }, { _, _ in 1 }, { -floorf($0 / $1) }),
        "Remainder": Tensor.PairFunction(fmodf, { _, _ in 1 }, { -truncf($0 / $1) }),
        "Min": Tensor.PairFunction({ $0 < $1 || $0.isNaN ? $0 : $1 }, { $0 < $1 ? 1 : 0 }, { $0 < $1 ? 0 : 1 }),
        "Max": Tensor.PairFunction({ $0 > $1 || $0.isNaN ? $0 : $1 }, { $0 > $1 ? 1 : 0 }, { $0 > $1 ? 0 : 1 }),
    ]

    private static let integerPairs: [String: @Sendable (Int, Int) throws -> Int] = [
        "Add": { $0 &+ $1 }, "Sub": { $0 &- $1 }, "Mul": { $0 &* $1 }, "Min": { min($0, $1) }, "Max": { max($0, $1) },
        "Div": { try divided($0, $1).quotient },
        "Mod": {
            let remainder = try divided($0, $1).remainder
            return remainder != 0 && (remainder < 0) != ($1 < 0) ? remainder + $1 : remainder
        },
        "Remainder": { try divided($0, $1).remainder },
        "Pow": { Int(exactly: pow(Double($0), Double($1)).rounded(.towardZero)) ?? .max },
    ]

    private static func divided(_ x: Int, _ y: Int) throws(RequestError) -> (quotient: Int, remainder: Int) {
        guard y != 0 else { throw .unfitOption("divisor in a graph", expected: "an integer but 0", found: "0") }
        return y == -1 ? (0 &- x, 0) : x.quotientAndRemainder(dividingBy: y)
    }
}
