import AttentionMechanisms
import AttentionTensors
import Glibc

extension GraphNode {
    /// Functions of every element.
    static let elementFunctions: [String: Function] = [
        "Abs": { try both($0, { $0.magnitude }, { abs($0) }, derivative: { x, _ in x < 0 ? -1 : x > 0 ? 1 : 0 }) },
        "Neg": { try both($0, { 0 &- $0 }, { -$0 }, derivative: { _, _ in -1 }) },
        "Sign": { try both($0, { $0.signum() }, { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, derivative: { _, _ in 0 }) },
        "Floor": { try real($0, floorf, derivative: { _, _ in 0 }) },
        "Ceil": { try real($0, ceilf, derivative: { _, _ in 0 }) },
        "Round": { try real($0, rintf, derivative: { _, _ in 0 }) },
        "Exp": { try real($0, expf, derivative: { $1 }) },
        "Log": { try real($0, logf, derivative: { x, _ in 1 / x }) },
        "Sqrt": { try real($0, sqrtf, derivative: { _, y in 0.5 / y }) },
        "Reciprocal": { try real($0, { 1 / $0 }, derivative: { _, y in -y * y }) },
        "Sin": { try real($0, sinf, derivative: { x, _ in cosf(x) }) },
        "Cos": { try real($0, cosf, derivative: { x, _ in -sinf(x) }) },
        "Tan": { try real($0, tanf, derivative: { _, y in 1 + y * y }) },
        "Asin": { try real($0, asinf, derivative: { x, _ in 1 / sqrtf(1 - x * x) }) },
        "Acos": { try real($0, acosf, derivative: { x, _ in -1 / sqrtf(1 - x * x) }) },
        "Atan": { try real($0, atanf, derivative: { x, _ in 1 / (1 + x * x) }) },
        "Sinh": { try real($0, sinhf, derivative: { x, _ in coshf(x) }) },
        "Cosh": { try real($0, coshf, derivative: { x, _ in sinhf(x) }) },
        "Tanh": { try real($0, tanhf, derivative: { _, y in 1 - y * y }) },
        "Sigmoid": { try real($0, logistic, derivative: { _, y in y * (1 - y) }) },
        "Relu": { try both($0, { max($0, 0) }, { max($0, 0) }, derivative: { x, _ in x > 0 ? 1 : 0 }) },
        "LeakyRelu": { arguments in
            let slope = Float(try arguments.attributes.number(ifGiven: "alpha") ?? 0.01)
            return try real(arguments, { $0 < 0 ? slope * $0 : $0 }, derivative: { x, _ in x < 0 ? slope : 1 })
        },
        "Elu": { arguments in
            let alpha = Float(try arguments.attributes.number(ifGiven: "alpha") ?? 1)
            return try real(
                arguments, { $0 < 0 ? alpha * expm1f($0) : $0 }, derivative: { x, y in x < 0 ? y + alpha : 1 })
        },
        "HardSigmoid": { arguments in
            let alpha = Float(try arguments.attributes.number(ifGiven: "alpha") ?? 0.2)
            let beta = Float(try arguments.attributes.number(ifGiven: "beta") ?? 0.5)
            return try real(
                arguments, { min(max(alpha * $0 + beta, 0), 1) }, derivative: { _, y in y > 0 && y < 1 ? alpha : 0 })
        },
        "Softplus": {
            try real($0, { max($0, 0) + log1pf(expf(-abs($0))) }, derivative: { x, _ in logistic(x) })
        },
        "Softsign": {
            try real($0, { $0 / (1 + abs($0)) }, derivative: { x, _ in 1 / ((1 + abs(x)) * (1 + abs(x))) })
        },
        "Erf": { try real($0, erff, derivative: { x, _ in 2 / Float.pi.squareRoot() * expf(-x * x) }) },
        "Gelu": { arguments in
            guard try arguments.attributes.text("approximate") == "none" else {
                throw RequestError.unfitOption("approximate of Gelu", expected: "none", found: "tanh")
            }
            return .real(try arguments[0].asReal.gelu())
        },
        "Clip": { arguments in
            let (low, high) = (arguments[ifPresent: 1], arguments[ifPresent: 2])
            let bounds = [(low, "Max"), (high, "Min")].compactMap { bound, name in bound.map { ($0, name) } }
            return try bounds.reduce(try arguments[0]) { value, bound in
                try GraphNode.pair(bound.1, value, bound.0)
            }
        },
        "IsNaN": { .truths(try truths($0) { $0.isNaN }) },
        "IsInf": { arguments in
            let positive = try arguments.attributes.truth(ifGiven: "detect_positive") ?? true
            let negative = try arguments.attributes.truth(ifGiven: "detect_negative") ?? true
            return .truths(
                try truths(arguments) { (positive && $0 == .infinity) || (negative && $0 == -.infinity) })
        },
        "Identity": { try $0[0] },
        "Cast": { arguments in
            let value = try arguments[0]
            return switch try arguments.integer("to", default: nil) {
            case 1, 11: .real(value.asReal)
            case 10: .real(value.asReal.roundedStraightThrough(to: .float16))
            case 16: .real(value.asReal.roundedStraightThrough(to: .bfloat16))
            case 9: .truths(value.asTruths)
            case 2...7, 12, 13: .integers(value.asIntegers)
            case let other:
                throw RequestError.unfitOption("to of Cast", expected: "a number type of ONNX", found: "\(other)")
            }
        },
    ]

    private static func real(
        _ arguments: GraphArguments, _ function: (Float) -> Float,
        derivative: @escaping @Sendable (_ x: Float, _ y: Float) -> Float
    ) throws -> GraphValue {
        .real(try arguments[0].asReal.mapped(function, derivative: derivative))
    }

    /// A function that leaves integers integers.
    private static func both(
        _ arguments: GraphArguments, _ integer: (Int) -> any BinaryInteger, _ function: (Float) -> Float,
        derivative: @escaping @Sendable (_ x: Float, _ y: Float) -> Float
    ) throws -> GraphValue {
        guard case .integers(let integers) = try arguments[0] else {
            return try real(arguments, function, derivative: derivative)
        }
        return .integers(
            IntegerTensor(values: integers.values.map { Int(truncatingIfNeeded: integer($0)) }, shape: integers.shape))
    }

    private static func truths(_ arguments: GraphArguments, _ isTrue: (Float) -> Bool) throws -> Mask {
        let tensor = try arguments[0].asReal
        return Mask(shape: tensor.shape, bytes: tensor.values.map { isTrue($0) ? 1 : 0 })
    }
}

@Sendable private func logistic(_ x: Float) -> Float { x < 0 ? expf(x) / (1 + expf(x)) : 1 / (1 + expf(-x)) }
