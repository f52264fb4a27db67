import AttentionCatalogue
import AttentionTensors
import Glibc

extension GraphNode {
    /// Functions of two tensors (Min, Max, Sum and Mean: of any number), aligned at their last axes. Integers stay integers.
    static let pairFunctions: [String: Function] = Dictionary(
        uniqueKeysWithValues: realPairs.keys.filter { $0 != "Remainder" }.map { name in
            (
                name,
                { @Sendable arguments in
                    let truncates = try name == "Mod" && arguments.attributes.truth("fmod", default: false)
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
            throw CatalogueError.unknown(kind: "operator in a graph", name: name, known: realPairs.keys.sorted())
        }
        let (x, y) = (left.asReal, right.asReal)
        let shape = try common(name, x.shape, y.shape)
        return .real(try x.expanded(to: shape).combined(with: y.expanded(to: shape), rule))
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

    private static let realPairs: [String: PairRule] = [
        "Add": PairRule({ $0 + $1 }, { _, _ in 1 }, { _, _ in 1 }),
        "Sub": PairRule({ $0 - $1 }, { _, _ in 1 }, { _, _ in -1 }),
        "Mul": PairRule({ $0 * $1 }, { $1 }, { x, _ in x }),
        "Div": PairRule({ $0 / $1 }, { 1 / $1 }, { -$0 / ($1 * $1) }),
        "Pow": PairRule(powf, { $1 == 0 ? 0 : $1 * powf($0, $1 - 1) }, { $0 > 0 ? powf($0, $1) * logf($0) : 0 }),
        "Mod": PairRule({ $0 - floorf($0 / $1) * $1 }, { _, _ in 1 }, { -floorf($0 / $1) }),
        "Remainder": PairRule(fmodf, { _, _ in 1 }, { -truncf($0 / $1) }),
        "Min": PairRule({ $0 < $1 || $0.isNaN ? $0 : $1 }, { $0 < $1 ? 1 : 0 }, { $0 < $1 ? 0 : 1 }),
        "Max": PairRule({ $0 > $1 || $0.isNaN ? $0 : $1 }, { $0 > $1 ? 1 : 0 }, { $0 > $1 ? 0 : 1 }),
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

    private static func divided(_ x: Int, _ y: Int) throws(CatalogueError) -> (quotient: Int, remainder: Int) {
        guard y != 0 else { throw .unfitOption("divisor in a graph", expected: "an integer but 0", found: "0") }
        return y == -1 ? (0 &- x, 0) : x.quotientAndRemainder(dividingBy: y)
    }
}

/// A function of two numbers, and its derivatives by the first and by the second.
struct PairRule: Sendable {
    typealias Function = @Sendable (_ x: Float, _ y: Float) -> Float

    let function: Function
    let first: Function
    let second: Function

    init(_ function: @escaping Function, _ first: @escaping Function, _ second: @escaping Function) {
        (self.function, self.first, self.second) = (function, first, second)
    }
}

extension Tensor {
    /// A function of the elements of two tensors of one shape.
    func combined(with other: Tensor, _ rule: PairRule) -> Tensor {
        let (x, y) = (detached(), other.detached())
        return x.zipped(y, rule.function).derived(from: self, other) { upstream, gradients in
            gradients.add(upstream.zipped(x.zipped(y, rule.first), Self.product), to: self)
            gradients.add(upstream.zipped(x.zipped(y, rule.second), Self.product), to: other)
        }
    }

    /// Nothing flows where nothing comes from, whatever the derivative is.
    private static let product: PairRule.Function = { $0 == 0 ? 0 : $0 * $1 }

    private func zipped(_ other: Tensor, _ function: (Float, Float) -> Float) -> Tensor {
        Tensor(shape: shape) { out in
            withElements { x in
                other.withElements { y in
                    for index in 0..<shape.elementCount { out[index] = function(x[index], y[index]) }
                }
            }
        }
    }
}
