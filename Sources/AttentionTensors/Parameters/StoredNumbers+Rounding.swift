import AttentionFiles
internal import CAttentionKernels

extension StoredNumbers {
    /// The nearest numbers of this format, in memory of their own.
    convenience init(rounding numbers: UnsafePointer<Float>, _ shape: Shape, to format: Parameter.Format) {
        let count = shape.elementCount
        switch format {
        case .bfloat16: self.init(format, halves(numbers, count, kernels.bfloat16_from_float))
        case .float16: self.init(format, halves(numbers, count, kernels.float16_from_float))
        case .float32:
            self.init(format, SharedBytes(Array(UnsafeRawBufferPointer(start: numbers, count: count * 4))))
        case .blocks(let blocks):
            self.init(format, SharedBytes(blocks.blocks(rounding: numbers, count: count)))
        case .int8:
            let rowSize = count / shape[0]
            let scales = int8Scales(numbers, rowCount: shape[0], rowSize: rowSize)
            self.init(
                format, SharedBytes(integers(numbers, scales: scales, rowSize: rowSize)), scales: scales,
                rowSize: rowSize)
        }
    }
}

private func halves(
    _ numbers: UnsafePointer<Float>, _ count: Int,
    _ round: (UnsafeMutablePointer<UInt16>, UnsafePointer<Float>, Int) -> Void
) -> SharedBytes {
    let halves = [UInt16](unsafeUninitializedCapacity: count) { buffer, initializedCount in
        if let start = buffer.baseAddress { round(start, numbers, count) }
        initializedCount = count
    }
    return SharedBytes(halves.withUnsafeBytes(Array.init))
}

/// max |w| / 127 of each row, 1 for a row of zeros: the largest number of a row becomes ±127.
func int8Scales(_ numbers: UnsafePointer<Float>, rowCount: Int, rowSize: Int) -> [Float] {
    (0..<rowCount).map { row in
        let largest = (0..<rowSize).reduce(Float(0)) { max($0, abs(numbers[row * rowSize + $1])) }
        return largest > 0 ? largest / 127 : 1
    }
}

private func integers(_ numbers: UnsafePointer<Float>, scales: [Float], rowSize: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: scales.count * rowSize) { buffer, initializedCount in
        for (row, scale) in scales.enumerated() {
            for index in row * rowSize..<(row + 1) * rowSize {
                let quotient = (numbers[index] / scale).rounded(.toNearestOrEven)
                // What is not a number has no integer; it cannot be told apart from 0 any more.
                let integer = quotient.isNaN ? 0 : Int8(max(-127, min(127, quotient)))
                buffer[index] = UInt8(bitPattern: integer)
            }
        }
        initializedCount = scales.count * rowSize
    }
}
