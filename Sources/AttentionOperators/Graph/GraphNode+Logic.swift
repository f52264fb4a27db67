import AttentionMechanisms
import AttentionTensors

extension GraphNode {
    /// Comparisons, functions of truth values, and the choice between two tensors.
    static let logicFunctions: [String: Function] = [
        "Equal": { try compared($0, ==, ==) }, "Greater": { try compared($0, >, >) },
        "Less": { try compared($0, <, <) },
        "GreaterOrEqual": { try compared($0, >=, >=) }, "LessOrEqual": { try compared($0, <=, <=) },
        "And": { try joined($0) { $0 && $1 } }, "Or": { try joined($0) { $0 || $1 } },
        "Xor": { try joined($0) { $0 != $1 } },
        "Not": { arguments in
            let mask = try arguments[0].asTruths
            return .truths(Mask(shape: mask.shape, bytes: mask.bytes.map { 1 - $0 }))
        },
        "Where": { try chosen($0) },
    ]

    private static func compared(
        _ arguments: GraphArguments, _ integers: (Int, Int) -> Bool, _ numbers: (Float, Float) -> Bool
    ) throws -> GraphValue {
        let (left, right) = (try arguments[0], try arguments[1])
        let shape = try common(arguments.operation, left.shape, right.shape)
        if case .real = left { return try comparedNumbers(left, right, shape, numbers) }
        if case .real = right { return try comparedNumbers(left, right, shape, numbers) }
        let pairs = zip(try left.asIntegers.expanded(to: shape), try right.asIntegers.expanded(to: shape))
        return .truths(Mask(shape: shape, bytes: pairs.map { integers($0, $1) ? 1 : 0 }))
    }

    private static func comparedNumbers(
        _ left: GraphValue, _ right: GraphValue, _ shape: Shape, _ compare: (Float, Float) -> Bool
    ) throws -> GraphValue {
        let pairs = zip(try left.asReal.expanded(to: shape).values, try right.asReal.expanded(to: shape).values)
        return .truths(Mask(shape: shape, bytes: pairs.map { compare($0, $1) ? 1 : 0 }))
    }

    private static func joined(_ arguments: GraphArguments, _ join: (Bool, Bool) -> Bool) throws -> GraphValue {
        let (left, right) = (try arguments[0].asTruths, try arguments[1].asTruths)
        let shape = try common(arguments.operation, left.shape, right.shape)
        let pairs = zip(try left.expanded(to: shape).bytes, try right.expanded(to: shape).bytes)
        return .truths(Mask(shape: shape, bytes: pairs.map { join($0 != 0, $1 != 0) ? 1 : 0 }))
    }

    private static func chosen(_ arguments: GraphArguments) throws -> GraphValue {
        let (condition, first, second) = (try arguments[0].asTruths, try arguments[1], try arguments[2])
        let shape = try common("Where", try common("Where", condition.shape, first.shape), second.shape)
        let bytes = try condition.expanded(to: shape).bytes
        switch (first, second) {
        case (.integers(let x), .integers(let y)):
            let (x, y) = (try x.expanded(to: shape), try y.expanded(to: shape))
            return .integers(
                IntegerTensor(values: bytes.indices.map { bytes[$0] != 0 ? x[$0] : y[$0] }, shape: shape))
        case (.truths(let x), .truths(let y)):
            let (x, y) = (try x.expanded(to: shape).bytes, try y.expanded(to: shape).bytes)
            return .truths(Mask(shape: shape, bytes: bytes.indices.map { bytes[$0] != 0 ? x[$0] : y[$0] }))
        default:
            return .real(try .select(where: condition, first.asReal, else: second.asReal))
        }
    }
}
