/// The sizes of a tensor's axes, outermost first; `[]` is the shape of a scalar.
public struct Shape: Sendable, Hashable {
    /// One size per axis.
    public let dimensions: [Int]

    /// A shape with these sizes.
    /// - Precondition: no size is negative.
    public init(_ dimensions: [Int]) {
        precondition(dimensions.allSatisfy { $0 >= 0 }, "Shape: expected sizes of at least 0, found \(dimensions)")
        self.dimensions = dimensions
    }

    /// The number of axes.
    public var rank: Int { dimensions.count }

    /// The number of elements: the product of all sizes, 1 for a scalar.
    /// - Precondition: the product fits an `Int`; `Shape.checked` asks first.
    public var elementCount: Int { dimensions.reduce(1, *) }

    /// The size of an axis; negative axes count from the last one, as in `shape[-1]`.
    public subscript(axis: Int) -> Int { dimensions[axis < 0 ? rank + axis : axis] }

    /// The product of sizes; nil if one is negative or the product does not fit an `Int`.
    static func product(of sizes: [Int]) -> Int? {
        guard sizes.allSatisfy({ $0 >= 0 }), !sizes.contains(0) else { return sizes.contains { $0 < 0 } ? nil : 0 }
        return sizes.reduce(1) { product, size in
            product.map { $0.multipliedReportingOverflow(by: size) }.flatMap { $0.overflow ? nil : $0.partialValue }
        }
    }

    /// This shape, refused when its element count does not fit an `Int` or a buffer.
    /// - Throws: `ShapeError` naming the sizes.
    public func checked(for operation: String) throws(ShapeError) -> Shape {
        var count = MemoryLayout<Float>.stride
        for size in dimensions where size > 0 {
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow else {
                throw ShapeError(
                    operation, expected: "sizes whose product fits a buffer", found: "\(self)",
                    wayOut: "split the work into smaller pieces")
            }
            count = product
        }
        return self
    }

    /// The sizes of as many elements under another shape, of which one may be −1 and is then computed.
    func reshaped(to newShape: [Int]) throws(ShapeError) -> Shape {
        var sizes = newShape
        if let free = sizes.firstIndex(of: -1) {
            sizes[free] = 1
            let known = Shape.product(of: sizes) ?? 0
            sizes[free] = known > 0 ? elementCount / known : 0
        }
        guard Shape.product(of: sizes) == elementCount else {
            throw ShapeError(
                "reshaped", expected: "a shape of \(elementCount) elements, as \(self) has", found: "\(newShape)")
        }
        return Shape(sizes)
    }

    /// The distance in elements between neighbours along each axis of a row-major tensor.
    var contiguousStrides: [Int] {
        var strides = [Int](repeating: 1, count: rank)
        for axis in stride(from: rank - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] * dimensions[axis + 1]
        }
        return strides
    }

    /// The shape two operands are expanded to, aligned at their last axes; nil if they do not fit.
    package func broadcast(with other: Shape) -> Shape? {
        var result = [Int](repeating: 1, count: max(rank, other.rank))
        for back in 1...max(result.count, 1) where back <= result.count {
            let mine = back <= rank ? self[-back] : 1
            let theirs = back <= other.rank ? other[-back] : 1
            guard mine == theirs || mine == 1 || theirs == 1 else { return nil }
            result[result.count - back] = mine == 1 ? theirs : mine
        }
        return Shape(result)
    }
}

extension Shape: ExpressibleByArrayLiteral {
    /// A shape written as its sizes: `[2, 3]`.
    public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: CustomStringConvertible {
    /// The sizes in brackets, as they are written in code: `[2, 3]`.
    public var description: String { "\(dimensions)" }
}
