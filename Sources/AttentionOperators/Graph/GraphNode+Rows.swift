import AttentionMechanisms
import AttentionTensors

extension GraphNode {
    /// Sums, means and extremes along axes, softmax and matrix products.
    static let rowFunctions: [String: Function] = [
        "ReduceSum": { try reduced($0) { try $0.sum(axis: $1, keepingAxis: true) } },
        "ReduceMean": { try reduced($0) { try $0.mean(axis: $1, keepingAxis: true) } },
        "ReduceMax": { try reduced($0) { try extreme($0, axis: $1, >) } },
        "ReduceMin": { try reduced($0) { try extreme($0, axis: $1, <) } },
        "Softmax": { arguments in
            let x = try arguments[0].asReal
            let axis = try arguments.axis(of: x.shape, default: -1)
            let last = x.shape.rank - 1
            return .real(try x.transposed(axis, last).softmax().transposed(axis, last))
        },
        "MatMul": { .real(try matmul(try $0[0].asReal, try $0[1].asReal)) },
    ]

    private static func reduced(
        _ arguments: GraphArguments, _ reduce: (Tensor, Int) throws -> Tensor
    ) throws -> GraphValue {
        var x = try arguments[0].asReal
        let given =
            arguments[ifPresent: 1] != nil
            ? try arguments.integers(1)
            : try arguments.attributes.integers(ifGiven: "axes") ?? []
        let axes = try (given.isEmpty ? Array(0..<x.shape.rank) : given).map {
            try arguments.normalized($0, of: x.shape.rank)
        }
        for axis in axes { x = try reduce(x, axis) }
        guard try arguments.attributes.truth(ifGiven: "keepdims") == false else { return .real(x) }
        return .real(
            try x.reshaped(to: x.shape.dimensions.enumerated().filter { !axes.contains($0.offset) }.map(\.element)))
    }

    /// The first extreme along an axis, from which alone gradients come.
    private static func extreme(_ x: Tensor, axis: Int, _ isBetter: (Float, Float) -> Bool) throws -> Tensor {
        let (size, inner) = (x.shape[axis], x.shape.dimensions[(axis + 1)...].reduce(1, *))
        guard size > 0 else {
            throw ShapeError("Reduce", expected: "at least one entry along \(axis)", found: "\(x.shape)")
        }
        let values = x.values
        let outer = x.shape.dimensions[..<axis].reduce(1, *)
        let positions = (0..<outer).flatMap { block in
            (0..<inner).map { column in
                let line = (0..<size).map { (block * size + $0) * inner + column }
                return line.dropFirst().reduce(line[0]) { isBetter(values[$1], values[$0]) ? $1 : $0 }
            }
        }
        var sizes = x.shape.dimensions
        sizes[axis] = 1
        return x.taking(positions, shape: Shape(sizes))
    }
}
