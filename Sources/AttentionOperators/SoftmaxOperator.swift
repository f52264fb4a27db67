import AttentionMechanisms
import AttentionTensors

/// ONNX's Softmax and LogSoftmax: along one axis; before operator set 13, over all axes from `axis` on.
///
/// *Source:* ONNX, *Operator schemas*, Softmax and LogSoftmax.
enum SoftmaxOperator {
    /// exp(x) / Σ exp(x).
    static func compute(_ request: Request) throws -> Outputs {
        try apply(request) { try $0.softmax(visible: nil, in: $1) }
    }

    /// x − ln Σ exp(x).
    static func computeLogarithm(_ request: Request) throws -> Outputs {
        try apply(request) { rows, _ in rows - (try rows.logSumExp().unsqueezed(axis: -1).expanded(to: rows.shape)) }
    }

    private static func apply(_ request: Request, _ function: (Tensor, ElementType) throws -> Tensor) throws -> Outputs
    {
        let operation = try OperatorRequest(request, attributes)
        let (input, type) = (try operation.tensor("input"), try operation.realType(of: "input"))
        let rank = input.shape.rank
        let given = try operation.attributes.integer(ifGiven: "axis") ?? (operation.opset < 13 ? 1 : -1)
        let axis = given < 0 ? rank &+ given : given
        guard (0..<rank).contains(axis) || (axis == rank && operation.opset < 13) else {
            throw ShapeError(request.name, expected: "an axis of \(input.shape)", found: "\(given)")
        }
        let result: Tensor
        if operation.opset < 13 {
            let sizes = input.shape.dimensions
            let rows = try input.reshaped(to: [sizes[..<axis].reduce(1, *), sizes[axis...].reduce(1, *)])
            result = try function(rows, type).reshaped(to: sizes)
        } else {
            result = try function(input.transposed(axis, rank - 1), type).transposed(axis, rank - 1)
        }
        return ["output": .rounded(result.roundedStraightThrough(to: type), to: type)]
    }
}

extension SoftmaxOperator {
    /// Its attributes.
    private static let attributes: [OptionDescriptor] = [.integer("axis", else: "−1, 1 before version 13")]

    /// What there is to know of it.
    static let descriptor = MechanismDescriptor(
        "onnx.Softmax", "ONNX Softmax", .operators, formula: "exp(x) / Σ exp(x) along an axis", cost: "O(n)",
        use: "Checking runtimes.", source: "ONNX, operator schemas",
        options: OperatorRequest.options(opset: 13, attributes), compute: compute)
}

extension SoftmaxOperator {

    /// What there is to know of it.
    static let logarithm = MechanismDescriptor(
        "onnx.LogSoftmax", "ONNX LogSoftmax", .operators, formula: "x − ln Σ exp(x) along an axis", cost: "O(n)",
        use: "Checking runtimes.", source: "ONNX, operator schemas",
        options: OperatorRequest.options(opset: 13, attributes), compute: computeLogarithm)
}
