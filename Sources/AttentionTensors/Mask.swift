/// Which entries of a tensor take part: an array of truth values with a shape, *true = may attend*.
///
/// Aligned with a tensor at their last axes; axes of size 1 (and missing leading ones) are repeated.
public struct Mask: Sendable, Hashable {
    /// The sizes of the axes.
    public let shape: Shape
    /// One byte per entry, 0 or 1, row-major.
    package let bytes: [UInt8]

    /// A mask of these entries in row-major order.
    /// - Throws: `ShapeError` unless there are as many entries as the shape has elements.
    public init(_ entries: [Bool], shape: Shape) throws(ShapeError) {
        guard entries.count == shape.elementCount else {
            throw ShapeError("Mask", expected: "\(shape.elementCount) entries for \(shape)", found: "\(entries.count)")
        }
        self.init(shape: shape, bytes: entries.map { $0 ? 1 : 0 })
    }

    package init(shape: Shape, bytes: [UInt8]) {
        self.shape = shape
        self.bytes = bytes
    }

    /// The entry at these indices, one per axis.
    public subscript(indices: Int...) -> Bool {
        precondition(indices.count == shape.rank, "subscript: expected \(shape.rank) indices, found \(indices)")
        for (axis, index) in indices.enumerated() {
            precondition(
                index >= 0 && index < shape[axis], "subscript: expected indices within \(shape), found \(indices)")
        }
        return bytes[zip(indices, shape.contiguousStrides).reduce(0) { $0 + $1.0 * $1.1 }] != 0
    }

    /// The entries that both masks admit, over the shape they are expanded to.
    /// - Throws: `ShapeError` if the shapes do not fit each other.
    public func intersection(_ other: Mask) throws(ShapeError) -> Mask {
        guard let target = shape.broadcast(with: other.shape), target.rank > 0 else {
            throw ShapeError("intersection", expected: "a mask that fits \(shape)", found: "\(other.shape)")
        }
        let (mine, theirs) = (fillingRows(target[-1]), other.fillingRows(target[-1]))
        var result: [UInt8] = []
        result.reserveCapacity(target.elementCount)
        for (start, otherStart) in zip(mine.rowOffsets(in: target), theirs.rowOffsets(in: target)) {
            for column in 0..<target[-1] {
                result.append(mine.bytes[start + column] & theirs.bytes[otherStart + column])
            }
        }
        return Mask(shape: target, bytes: result)
    }

    /// This mask repeated along its axes of size 1 (and new leading ones) to fill `target`.
    /// - Throws: `ShapeError` if the shapes do not fit.
    package func expanded(to target: Shape) throws(ShapeError) -> Mask {
        guard shape.broadcast(with: target) == target else {
            throw ShapeError("expanded", expected: "a mask that can be repeated to \(target)", found: "\(shape)")
        }
        guard target.rank > 0, target != shape else { return self }
        let filled = shape.rank == 0 ? Mask(shape: [1], bytes: bytes).fillingRows(target[-1]) : fillingRows(target[-1])
        return Mask(
            shape: target,
            bytes: filled.rowOffsets(in: target).flatMap { filled.bytes[$0..<$0 + target[-1]] })
    }

    /// For each row along the last axis of a tensor of `target` shape, where that row's entries begin in `bytes`.
    func rowOffsets(in target: Shape) -> [Int] {
        let strides = shape.contiguousStrides
        let leading = target.rank - shape.rank
        var offsets = [0]
        for axis in 0..<(target.rank - 1) {
            let step = axis < leading || shape[axis - leading] == 1 ? 0 : strides[axis - leading]
            offsets = offsets.flatMap { start in (0..<target[axis]).map { start + $0 * step } }
        }
        return offsets
    }

    /// This mask with every row along the last axis as long as `columns`, for masks whose last axis is 1.
    package func fillingRows(_ columns: Int) -> Mask {
        guard shape[-1] == 1, columns != 1 else { return self }
        return Mask(
            shape: Shape(shape.dimensions.dropLast() + [columns]),
            bytes: bytes.flatMap { [UInt8](repeating: $0, count: columns) })
    }
}
