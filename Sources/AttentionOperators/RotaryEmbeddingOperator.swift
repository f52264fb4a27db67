import AttentionMechanisms
import AttentionTensors

/// ONNX's RotaryEmbedding: (a, b) → (a cos − b sin, a sin + b cos) with given cosines and sines, every step rounded to the input's type.
///
/// *Source:* ONNX, *Operator schemas*, RotaryEmbedding.
enum RotaryEmbeddingOperator {
    /// `Y`.
    static func compute(_ request: Request) throws -> Outputs {
        let operation = try OperatorRequest(request, attributes)
        let (input, type) = (try operation.tensor("X"), try operation.realType(of: "X"))
        guard input.shape.rank == 3 || input.shape.rank == 4 else {
            throw ShapeError(request.name, expected: "X of rank 3 or 4", found: "\(input.shape)")
        }
        let count = try operation.attributes.integer("num_heads")
        if input.shape.rank == 3, count < 1 {
            throw RequestError.missingOption("num_heads", mechanism: request.name)
        }
        let x = input.shape.rank == 3 ? try input.splittingHeads(count, request.name) : input  // [B, H, L, D]
        let size = try operation.attributes.integer("rotary_embedding_dim")
        let turned = size == 0 ? x.shape[3] : size
        guard turned % 2 == 0, turned <= x.shape[3] else {
            throw ShapeError(
                request.name, expected: "an even number of at most \(x.shape[3]) features", found: "\(turned)")
        }
        let angles = try ["cos_cache", "sin_cache"].map { try cache($0, operation, for: x, pairCount: turned / 2) }
        let result = try turn(
            x, cosines: angles[0], sines: angles[1],
            isInterleaved: operation.attributes.truth("interleaved"),
            type)
        return ["Y": .rounded(input.shape.rank == 3 ? try result.mergingHeads() : result, to: type)]
    }

    /// The cosines or sines of every position, [B, 1, L, pairs].
    private static func cache(
        _ name: String, _ operation: OperatorRequest, for x: Tensor, pairCount: Int
    ) throws -> Tensor {
        let (batch, length) = (x.shape[0], x.shape[2])
        var table = try operation.tensor(name)
        if operation.request.contains("position_ids") {
            let positions = try operation.request.integers("position_ids")
            guard positions.shape == [batch, length] else {
                throw ShapeError("position_ids", expected: "[\(batch), \(length)]", found: "\(positions.shape)")
            }
            table = try table.rows(positions.values, shape: positions.shape)
        }
        guard table.shape == [batch, length, pairCount] else {
            throw ShapeError(name, expected: "[\(batch), \(length), \(pairCount)]", found: "\(table.shape)")
        }
        return table.unsqueezed(axis: 1)
    }

    private static func turn(
        _ x: Tensor, cosines: Tensor, sines: Tensor, isInterleaved: Bool, _ type: ElementType
    ) throws -> Tensor {
        let (leading, pairs) = (Array(x.shape.dimensions.dropLast()), cosines.shape[3])
        let layout = isInterleaved ? [pairs, 2] : [2, pairs]
        let axis = isInterleaved ? 4 : 3
        let halves = try x.sliced(axis: 3, 0..<2 * pairs).reshaped(to: leading + layout).unstacked(axis: axis)
        func product(_ a: Tensor, _ b: Tensor) -> Tensor { (a * b).roundedStraightThrough(to: type) }
        let real = (product(cosines, halves[0]) - product(sines, halves[1])).roundedStraightThrough(to: type)
        let imaginary = (product(sines, halves[0]) + product(cosines, halves[1])).roundedStraightThrough(to: type)
        let turned = try stacked([real, imaginary], axis: axis).reshaped(to: leading + [2 * pairs])
        return try concatenated([turned, x.sliced(axis: 3, 2 * pairs..<x.shape[3])], axis: 3)
    }
}

extension RotaryEmbeddingOperator {
    /// Its attributes.
    private static let attributes: [OptionDescriptor] = [
        .integer("num_heads", default: 0), .integer("rotary_embedding_dim", .size, default: 0),
        .truth("interleaved", default: false),
    ]

    /// What there is to know of it.
    static let descriptor = MechanismDescriptor(
        "onnx.RotaryEmbedding", "ONNX RotaryEmbedding", .operators,
        formula: "(a, b) → (a cos − b sin, a sin + b cos), cosines and sines given", cost: "O(BHLD)",
        use: "Rotary positions from a table.", source: "ONNX, operator schemas, since 23",
        options: OperatorRequest.options(opset: 23, attributes), compute: compute)
}
