internal import CAttentionKernels

extension Safetensors {
    /// One tensor of a file that is to be written. Its bytes are made when they are written, one tensor at a time.
    public struct Entry: Sendable {
        /// Its name in the file.
        public let name: String
        /// How its numbers are written.
        public let elementType: ElementType
        /// The sizes of its axes.
        public let shape: Shape
        /// The format, if these are blocks: noted beside the tensors, since a file has no type for them.
        let blockFormat: BlockFormat?
        /// The elements in row-major order, little-endian.
        let bytes: @Sendable () -> [UInt8]

        /// A tensor of real numbers.
        public init(_ name: String, _ tensor: Tensor, as precision: Precision = .float32) {
            (self.name, shape, elementType, blockFormat) = (name, tensor.shape, precision.elementType, nil)
            bytes = { [tensor = tensor.detached()] in tensor.bytes(as: precision) }
        }

        /// A tensor whose bytes `bytes` makes.
        init(
            _ name: String, _ elementType: ElementType, _ shape: Shape, blocks: BlockFormat? = nil,
            bytes: @escaping @Sendable () -> [UInt8]
        ) {
            (self.name, self.elementType, self.shape, self.bytes) = (name, elementType, shape, bytes)
            blockFormat = blocks
        }

        /// Numbers of a type that files can hold, in row-major order.
        /// - Throws: `ShapeError` unless there are as many as the shape has elements.
        public init<Number: StoredNumber>(_ name: String, _ numbers: [Number], shape: Shape) throws(ShapeError) {
            guard numbers.count == shape.elementCount else {
                throw ShapeError(
                    "Entry", expected: "\(shape.elementCount) numbers for \(shape)", found: "\(numbers.count)")
            }
            (self.name, self.shape, elementType, blockFormat) = (name, shape, Number.elementType, nil)
            bytes = { numbers.withUnsafeBytes(Array.init) }
        }

        /// A tensor of truth values.
        public init(_ name: String, _ mask: Mask) {
            (self.name, shape, elementType, blockFormat) = (name, mask.shape, .boolean, nil)
            bytes = { mask.bytes }
        }
    }
}

/// A number that a file holds as it stands in memory; this machine's numbers are little-endian, as the format asks.
public protocol StoredNumber: BitwiseCopyable, Sendable {
    /// Its name in the format.
    static var elementType: ElementType { get }
}

extension Double: StoredNumber {
    public static var elementType: ElementType { .float64 }
}

extension Int: StoredNumber {
    public static var elementType: ElementType { .int64 }
}

extension Int64: StoredNumber {
    public static var elementType: ElementType { .int64 }
}

extension Int32: StoredNumber {
    public static var elementType: ElementType { .int32 }
}

extension Int16: StoredNumber {
    public static var elementType: ElementType { .int16 }
}

extension Int8: StoredNumber {
    public static var elementType: ElementType { .int8 }
}

extension UInt8: StoredNumber {
    public static var elementType: ElementType { .uint8 }
}

extension Tensor {
    /// The elements in row-major order, little-endian.
    func bytes(as precision: Safetensors.Precision) -> [UInt8] {
        let count = shape.elementCount
        guard count > 0 else { return [] }
        let size = precision.elementType.byteCount
        return withElements { elements in
            [UInt8](unsafeUninitializedCapacity: count * size) { buffer, initializedCount in
                let out = UnsafeMutableRawBufferPointer(buffer)
                switch precision {
                case .float32: out.copyMemory(from: UnsafeRawBufferPointer(start: elements, count: count * size))
                case .bfloat16: narrow(kernels.bfloat16_from_float)
                case .float16: narrow(kernels.float16_from_float)
                }
                initializedCount = count * size

                func narrow(_ kernel: (UnsafeMutablePointer<UInt16>, UnsafePointer<Float>, Int) -> Void) {
                    let halves = [UInt16](unsafeUninitializedCapacity: count) { buffer, initializedCount in
                        if let start = buffer.baseAddress { kernel(start, elements, count) }
                        initializedCount = count
                    }
                    halves.withUnsafeBytes { out.copyMemory(from: $0) }
                }
            }
        }
    }
}
