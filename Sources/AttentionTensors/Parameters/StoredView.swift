import AttentionFiles

/// Stored numbers under a shape, through strides, as a tensor sees its own.
struct StoredView: Sendable {
    let numbers: StoredNumbers
    let shape: Shape
    let strides: [Int]
    let offset: Int

    init(_ numbers: StoredNumbers, shape: Shape, strides: [Int], offset: Int) {
        (self.numbers, self.shape, self.strides, self.offset) = (numbers, shape, strides, offset)
    }

    /// All numbers in row-major order.
    init(_ numbers: StoredNumbers, shape: Shape) {
        self.init(numbers, shape: shape, strides: shape.contiguousStrides, offset: 0)
    }

    /// How many numbers there are, seen or not.
    private var count: Int { numbers.format.count(in: numbers.bytes.count) }

    /// Whether this is all of the numbers, in the order in which they lie, each entry of the first axis with a scale of its own if there
    /// are scales: what a file can hold as it is.
    var isWhole: Bool {
        shape.elementCount == count && offset == 0 && strides == shape.contiguousStrides
            && (numbers.format != .int8 || numbers.scales.count == shape[0])
    }

    /// As float32.
    func tensor() -> Tensor {
        Tensor(shape: shape, strides: strides, offset: offset, storage: numbers.whole(count: count).storage)
    }

    /// Writes a block of a matrix as row-major float32.
    func widen(rows: Range<Int>, columns: Range<Int>, to out: UnsafeMutablePointer<Float>) {
        let first = offset + rows.lowerBound * strides[0] + columns.lowerBound * strides[1]
        if strides[1] == 1, strides[0] == columns.count {
            return numbers.widen(from: first, count: rows.count * columns.count, to: out)
        }
        for row in 0..<rows.count {
            numbers.widen(
                from: first + row * strides[0], count: columns.count, step: strides[1], to: out + row * columns.count)
        }
    }
}

/// The weights of a map [O, I] in blocks, row by row where they lie.
struct BlockRows {
    let format: BlockFormat
    private let bytes: SharedBytes
    private let start: Int
    /// The bytes from one row to the next.
    let rowSize: Int

    /// Nil unless each row of this matrix is whole blocks.
    init?(_ matrix: StoredView) {
        guard case .blocks(let format) = matrix.numbers.format, matrix.shape.rank == 2, matrix.strides[1] == 1 else {
            return nil
        }
        let held = format.numberCount
        guard [matrix.shape[1], matrix.strides[0], matrix.offset].allSatisfy({ $0 % held == 0 }) else { return nil }
        (self.format, bytes) = (format, matrix.numbers.bytes)
        (start, rowSize) = (matrix.offset / held * format.byteCount, matrix.strides[0] / held * format.byteCount)
    }

    /// Lends the first row.
    func withRows(_ body: (UnsafeRawPointer) -> Void) {
        bytes.withBytes { if let first = $0.baseAddress { body(first + start) } }
    }
}
