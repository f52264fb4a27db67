extension Tensor {
    /// The image of one row of each input, at most `count` entries of it.
    package typealias JoinedRowFunction = @Sendable (_ rows: [[Double]], _ count: Int) -> [Double]
    /// The gradient of one row of each input, given that of their image; entries left out at the end of a row are 0.
    package typealias JoinedRowPullback =
        @Sendable (_ gradient: [Double], _ rows: [[Double]], _ count: Int) -> [[Double]]

    /// A differentiable function of one row of each input, row by row, computed in double precision: [..., n₁], [..., n₂], … → [..., size].
    ///
    /// Item b of the batch (the first axis) has an image of `lengths[b]` entries, its `count`; all that follow are exactly 0.
    /// - Throws: `ShapeError` unless all inputs agree in all but their last axis, and the lengths with the first one.
    package static func joiningRows(
        _ inputs: [Tensor], size: Int, lengths: [Int]? = nil, _ function: @escaping JoinedRowFunction,
        pullback: @escaping JoinedRowPullback
    ) throws(ShapeError) -> Tensor {
        let rows = try JoinedRows(inputs, size: size, lengths: lengths)
        let output = Tensor.zeros(Shape(rows.leading + [size]))
        rows.visit { row, inputs, count in
            for (column, value) in function(inputs, count).prefix(count).enumerated() {
                output.storage.elements[row * size + column] = Float(value)
            }
        }
        return output.derived(from: inputs) { upstream, gradients in
            let results = inputs.map { Tensor.zeros($0.shape) }
            upstream.withElements { upstream in
                rows.visit { row, inputs, count in
                    let gradient = (0..<count).map { Double(upstream[row * size + $0]) }
                    for (result, values) in zip(results, pullback(gradient, inputs, count)) {
                        let start = row * result.shape[-1]
                        for (column, value) in values.enumerated() {
                            result.storage.elements[start + column] = Float(value)
                        }
                    }
                }
            }
            for (result, input) in zip(results, inputs) { gradients.add(result, to: input) }
        }
    }
}

/// Rows of several tensors that belong together.
private struct JoinedRows: Sendable {
    let leading: [Int]
    private let inputs: [Tensor]
    private let size: Int
    private let lengths: [Int]?

    init(_ tensors: [Tensor], size: Int, lengths: [Int]?) throws(ShapeError) {
        guard let first = tensors.first, first.shape.rank >= 2 else {
            throw ShapeError("joiningRows", expected: "inputs [B, ..., n]", found: "\(tensors.map(\.shape))")
        }
        let leading = Array(first.shape.dimensions.dropLast())
        guard tensors.allSatisfy({ $0.shape.rank >= 2 && $0.shape.dimensions.dropLast() == leading[...] }) else {
            throw ShapeError(
                "joiningRows", expected: "inputs that agree in all but their last axis",
                found: "\(tensors.map(\.shape))")
        }
        if let lengths, lengths.count != leading[0] || lengths.contains(where: { $0 < 0 || $0 > size }) {
            throw ShapeError("joiningRows", expected: "\(leading[0]) lengths of at most \(size)", found: "\(lengths)")
        }
        self.leading = leading
        inputs = tensors.map { $0.contiguous().detached() }
        self.size = size
        self.lengths = lengths
    }

    /// Calls `body` with every row that has an image.
    func visit(_ body: (_ row: Int, _ inputs: [[Double]], _ count: Int) -> Void) {
        let rowsPerItem = leading.dropFirst().reduce(1, *)
        let width = inputs.reduce(size) { $0 + $1.shape[-1] }
        Parallel.forEachChunk(of: leading[0] * rowsPerItem, grain: max(1, 2048 / max(width, 1))) { range in
            for row in range {
                let count = lengths.map { $0[row / rowsPerItem] } ?? size
                guard count > 0 else { continue }
                body(row, inputs.map { $0.doubles(ofRow: row) }, count)
            }
        }
    }
}

extension Tensor {
    /// A row along the last axis of a tensor without gaps.
    fileprivate func doubles(ofRow row: Int) -> [Double] {
        let width = shape[-1]
        return withElements { elements in (0..<width).map { Double(elements[row * width + $0]) } }
    }
}
