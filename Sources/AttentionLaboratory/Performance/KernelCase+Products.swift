import AttentionTensors

extension KernelCase {
    static let products = Precision.allCases.flatMap { precision in
        [512, 1024].map { square($0, precision) } + [linear(rows: 128, 768, 3072, precision)]
            + [1, 8].map { decoding(rows: $0, precision) }
    }

    /// A B, nothing packed beforehand; neither side is a weight.
    private static func square(_ size: Int, _ precision: Precision) -> KernelCase {
        // int8 is for weights alone
        guard precision != .int8 else { return linear(rows: size, size, size, precision) }
        return KernelCase(
            .product, "\(size) × \(size) × \(size)", Work(operations: 2 * Double(size * size * size)), precision
        ) {
            let a = Tensor.normal([size, size], key: RandomKey(seed: 0))
            let b = Tensor.normal([size, size], key: RandomKey(seed: 1))
            return { _ = try matmul(a, b) }
        }
    }

    /// X Wᵀ with a weight that stays and is packed once.
    private static func linear(rows: Int, _ inputSize: Int, _ outputSize: Int, _ precision: Precision) -> KernelCase {
        KernelCase(
            .product, "\(rows) × \(inputSize) × \(outputSize), kept weight",
            Work(operations: 2 * Double(rows * inputSize * outputSize)), precision
        ) {
            let x = Tensor.normal([rows, inputSize], key: RandomKey(seed: 0))
            let weight = Parameter(.normal([outputSize, inputSize], key: RandomKey(seed: 1)))
            return { _ = try AttentionTensors.linear(x, weight: weight) }
        }
    }

    /// A few rows by sixteen weights in turn, more than the caches hold: as a large model decodes.
    private static func decoding(rows: Int, _ precision: Precision) -> KernelCase {
        let (size, count) = (2048, 16)
        let numbers = Double(size * size * count)
        return KernelCase(
            .product, "\(rows) × \(size) × \(size), \(count) weights",
            Work(operations: 2 * Double(rows) * numbers, bytes: precision.weightBytes * numbers), precision
        ) {
            let x = Tensor.normal([rows, size], key: RandomKey(seed: 0))
            let weights = try (0..<count).map { _ in Parameter(try .alikeRows([size, size])) }
            return { for weight in weights { _ = try AttentionTensors.linear(x, weight: weight) } }
        }
    }
}

extension Precision {
    /// Bytes that a number of a kept weight takes when few rows are multiplied by it.
    fileprivate var weightBytes: Double {
        switch self {
        case .exact, .float32: 4
        case .bfloat16: 2
        case .int8: 1
        }
    }
}
