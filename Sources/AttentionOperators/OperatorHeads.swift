import AttentionMechanisms
import AttentionTensors

/// How ONNX's attention operators lay out heads: as an axis of their own, [B, H, L, D], or packed into the last one, [B, L, H·D].
struct OperatorHeads {
    private let attributes: Options
    /// Whether heads are packed.
    let isPacked: Bool

    /// The layout of Q, K and V.
    /// - Throws: `ShapeError` unless all three have rank 4 or all rank 3; `RequestError` if head counts are given where they must not be.
    init(_ operation: OperatorRequest) throws {
        attributes = operation.attributes
        let shapes = try ["Q", "K", "V"].map { try operation.tensor($0).shape }
        let ranks = Set(shapes.map(\.rank))
        guard ranks == [3] || ranks == [4] else {
            throw ShapeError(
                operation.request.name, expected: "Q, K and V of rank 3, or all of rank 4",
                found: shapes.map(\.description).joined(separator: ", "))
        }
        isPacked = ranks == [3]
        let given = ["q_num_heads", "kv_num_heads"].filter(attributes.contains)
        if let name = given.first, !isPacked, operation.opset >= 25 {
            throw RequestError.unfitOption(
                name, expected: "no such attribute for inputs of rank 4", found: "\(try attributes.integer(name))")
        }
    }

    /// [B, L, H·D] → [B, H, L, D], with H as the attribute states; inputs of rank 4 as they are.
    func split(_ x: Tensor, _ attribute: String) throws -> Tensor {
        isPacked ? try x.splittingHeads(try attributes.integer(attribute), "onnx.Attention") : x
    }
}

extension Tensor {
    /// [B, L, H·D] → [B, H, L, D].
    /// - Throws: `ShapeError` in the name of `operation` unless the last axis is a multiple of the head count.
    func splittingHeads(_ count: Int, _ operation: String) throws(ShapeError) -> Tensor {
        guard shape.rank == 3, shape[2] % count == 0 else {
            throw ShapeError(operation, expected: "inputs [B, L, \(count) · D]", found: "\(shape)")
        }
        return try reshaped(to: [shape[0], shape[1], count, shape[2] / count]).transposed(1, 2)
    }

    /// [B, H, L, D] → [B, L, H·D].
    func mergingHeads() throws(ShapeError) -> Tensor {
        try transposed(1, 2).reshaped(to: [shape[0], shape[2], shape[1] * shape[3]])
    }

    /// [B, H, K, D] → [B, H · count, K, D]: every head `count` times in a row.
    func repeatingHeads(_ count: Int) throws(ShapeError) -> Tensor {
        guard count != 1 else { return self }
        return try unsqueezed(axis: 2).expanded(to: [shape[0], shape[1], count, shape[2], shape[3]])
            .reshaped(to: [shape[0], shape[1] * count, shape[2], shape[3]])
    }

    /// The sum with a tensor that can be repeated to this one's shape.
    func adding(_ other: Tensor) throws(ShapeError) -> Tensor { self + (try other.expanded(to: shape)) }

    /// −∞ at the entries that a mask does not admit. Outside the graph there.
    func forbidding(_ visible: Mask?) throws(ShapeError) -> Tensor {
        guard let bytes = try visible?.expanded(to: shape).bytes else { return self }
        let admitted = Tensor(shape: shape) { out in
            for (index, byte) in bytes.enumerated() { out[index] = Float(byte) }
        }
        let forbidden = Tensor(shape: shape) { out in
            for (index, byte) in bytes.enumerated() { out[index] = byte == 0 ? -.infinity : 0 }
        }
        return self * admitted + forbidden
    }
}
