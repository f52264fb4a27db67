extension Tensor {
    /// Replaces the entries of one row by their images. There is at least one.
    package typealias RowFunction = @Sendable (_ row: inout [Double]) -> Void
    /// Replaces the gradient of the images of one row by the gradient of its entries.
    package typealias RowPullback = @Sendable (_ gradient: inout [Double], _ row: [Double], _ images: [Double]) -> Void

    /// A differentiable function of every row along the last axis, computed in double precision.
    ///
    /// The function receives the entries that `visible` admits, in order and without gaps; so it needs no mask, and nothing outside can
    /// leak. All other entries of the result and of the gradient are exactly 0. The derivative computes the images anew, unrounded.
    /// - Throws: `ShapeError` if the mask does not fit.
    package func mappingRows(
        visible: Mask? = nil, _ function: @escaping RowFunction, pullback: @escaping RowPullback
    ) throws(ShapeError) -> Tensor {
        let rows = try VisibleRows(of: shape, visible, in: "mappingRows")
        let input = contiguous().detached()
        let output = Tensor.zeros(shape)
        input.withElements { x in
            rows.visit { start, columns in
                var row = columns.map { Double(x[start + $0]) }
                function(&row)
                for (column, image) in zip(columns, row) { output.storage.elements[start + column] = Float(image) }
            }
        }
        return output.derived(from: self) { upstream, gradients in
            let result = Tensor.zeros(input.shape)
            input.withElements { x in
                upstream.withElements { upstream in
                    rows.visit { start, columns in
                        let row = columns.map { Double(x[start + $0]) }
                        var images = row
                        function(&images)
                        var gradient = columns.map { Double(upstream[start + $0]) }
                        pullback(&gradient, row, images)
                        for (column, value) in zip(columns, gradient) {
                            result.storage.elements[start + column] = Float(value)
                        }
                    }
                }
            }
            gradients.add(result, to: self)
        }
    }
}

/// The rows along the last axis of a shape, and which of their columns a mask admits.
struct VisibleRows: Sendable {
    private let width: Int
    private let count: Int
    private let mask: Mask?
    private let offsets: [Int]

    /// - Throws: `ShapeError` in the name of `operation` if there is no axis or the mask does not fit.
    init(of shape: Shape, _ visible: Mask?, in operation: String) throws(ShapeError) {
        guard shape.rank >= 1 else {
            throw ShapeError(operation, expected: "at least one axis", found: "\(shape)")
        }
        if let visible, visible.shape.rank == 0 || visible.shape.broadcast(with: shape) != shape {
            throw ShapeError(operation, expected: "a mask that fits \(shape)", found: "\(visible.shape)")
        }
        width = shape[-1]
        count = width == 0 ? 0 : shape.elementCount / width
        mask = visible?.fillingRows(width)
        offsets = mask?.rowOffsets(in: shape) ?? []
    }

    /// Calls `body` with the index of each row's first element and the columns that are visible, unless none is.
    func visit(_ body: (_ start: Int, _ columns: [Int]) -> Void) {
        Parallel.forEachChunk(of: count, grain: max(1, 2048 / max(width, 1))) { range in
            var columns = Array(0..<width)
            for row in range {
                if let mask {
                    columns.removeAll(keepingCapacity: true)
                    for column in 0..<width where mask.bytes[offsets[row] + column] != 0 { columns.append(column) }
                }
                if !columns.isEmpty { body(row * width, columns) }
            }
        }
    }
}
