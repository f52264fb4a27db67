/// An array of float32 numbers with a shape: an immutable value that may remember how it was computed.
///
/// Elements are stored row-major; views (transposes, slices, expansions) share storage through strides. A tensor made from a
/// `tracked()` one carries a node of the computation's graph, and `gradients()` walks that graph backwards.
///
/// Named functions that take tensors throw `ShapeError`; operators and subscripts trap with the same sentence, as `Int` and
/// `Array` do.
public struct Tensor: Sendable {
    /// The sizes of the axes.
    public let shape: Shape
    package let strides: [Int]
    package let offset: Int
    package private(set) var storage: Storage
    package var node: Node?

    package init(shape: Shape, strides: [Int], offset: Int, storage: Storage, node: Node? = nil) {
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.storage = storage
        self.node = node
    }

    /// A row-major tensor whose elements `fill` must write, all of them.
    package init(shape: Shape, fill: (UnsafeMutablePointer<Float>) -> Void) {
        let storage = Storage(count: shape.elementCount)
        fill(storage.elements)
        self.init(shape: shape, strides: shape.contiguousStrides, offset: 0, storage: storage)
    }

    /// A tensor of these elements in row-major order.
    /// - Throws: `ShapeError` unless there are as many values as the shape has elements.
    public init(_ values: [Float], shape: Shape) throws(ShapeError) {
        let shape = try shape.checked(for: "Tensor")
        guard values.count == shape.elementCount else {
            throw ShapeError(
                "Tensor", expected: "\(shape.elementCount) values for \(shape)", found: "\(values.count) values")
        }
        self.init(shape: shape) { out in
            for (index, value) in values.enumerated() { out[index] = value }
        }
    }

    /// A tensor of rank 0.
    public init(_ scalar: Float) {
        self.init(shape: []) { $0[0] = scalar }
    }

    /// A tensor whose elements are all `value`.
    public static func full(_ value: Float, _ shape: Shape) -> Tensor {
        Tensor(shape: shape) { out in
            Parallel.forEachChunk(of: shape.elementCount, grain: 1 << 18) {
                (out + $0.lowerBound).initialize(repeating: value, count: $0.count)
            }
        }
    }

    /// A tensor of zeros.
    public static func zeros(_ shape: Shape) -> Tensor { full(0, shape) }

    /// A tensor of ones.
    public static func ones(_ shape: Shape) -> Tensor { full(1, shape) }

    /// All elements in row-major order.
    /// - Complexity: O(n): they are copied.
    public var values: [Float] {
        withElements { elements in Array(UnsafeBufferPointer(start: elements, count: shape.elementCount)) }
    }

    /// Whether nothing else relies on what the storage holds: no other tensor, and no file that lends it.
    mutating func ownsStorage() -> Bool { isKnownUniquelyReferenced(&storage) && storage.lender == nil }

    /// The only element.
    /// - Precondition: there is exactly one.
    public var scalar: Float {
        precondition(shape.elementCount == 1, "scalar: expected one element, found \(shape)")
        return storage.elements[offset]
    }

    /// The element at these indices, one per axis.
    public subscript(indices: Int...) -> Float {
        precondition(indices.count == shape.rank, "subscript: expected \(shape.rank) indices, found \(indices)")
        var position = offset
        for (axis, index) in indices.enumerated() {
            precondition(
                index >= 0 && index < shape[axis], "subscript: expected indices within \(shape), found \(indices)")
            position += index * strides[axis]
        }
        return storage.elements[position]
    }
}

extension Tensor: CustomStringConvertible {
    /// The shape and the first few elements.
    public var description: String {
        let shown = values.prefix(8).map { "\($0)" }.joined(separator: ", ")
        return "Tensor(\(shape): \(shown)\(shape.elementCount > 8 ? ", …" : ""))"
    }
}
