import AttentionFiles

extension Parameter {
    /// Where the first number stands that is not finite, and which it is; nil if all are finite. A file that is mapped is read through, and
    /// the memory given back.
    /// - Complexity: O(n), shared by all threads.
    package func firstNonFinite() -> (index: [Int], value: Float)? {
        let place: Int?
        switch numbers {
        case .floats(let tensor):
            guard tensor.strides == shape.contiguousStrides else {
                return replacing(with: tensor.contiguous()).firstNonFinite()
            }
            place = tensor.withElements { elements in
                elements.withMemoryRebound(to: UInt32.self, capacity: shape.elementCount) {
                    firstPlace(of: shape.elementCount, in: $0, exponent: 0x7F80_0000)
                }
            }
        case .stored(let view):
            guard view.isWhole else { return Parameter(view.tensor()).firstNonFinite() }
            place = view.numbers.firstNonFinite(count: shape.elementCount)
        }
        numbers.forgetPages()
        guard let place else { return nil }
        let index = zip(shape.contiguousStrides, shape.dimensions).map { place / $0 % $1 }
        return (index, tensor.values[place])
    }
}

extension StoredNumbers {
    fileprivate func firstNonFinite(count: Int) -> Int? {
        switch format {
        case .bfloat16, .float16:
            bytes.withBytes { bytes in
                bytes.withMemoryRebound(to: UInt16.self) { numbers in
                    numbers.baseAddress.flatMap {
                        firstPlace(of: count, in: $0, exponent: format == .bfloat16 ? 0x7F80 : 0x7C00)
                    }
                }
            }
        case .blocks(let blocks): firstNonFinite(blocks, count: count)
        // Whole numbers are finite; of their scales the first that is not makes all of its row so.
        case .int8, .float32: scales.firstIndex { !$0.isFinite }.map { $0 * rowSize }
        }
    }
}

extension StoredNumbers {
    /// Of blocks only scales and least values can be so, and with them all of their block.
    private func firstNonFinite(_ format: BlockFormat, count: Int) -> Int? {
        let held = format.numberCount
        let isWrong = [Bool](unsafeUninitializedCapacity: count / held) { wrong, wrongCount in
            wrongCount = count / held
            guard let wrong = wrong.baseAddress else { return }
            Parallel.forEachChunk(of: count / held, grain: 1 << 10) { blocks in
                for block in blocks {
                    var first: Float = 0
                    widen(from: block * held, count: 1, to: &first)
                    (wrong + block).initialize(to: !first.isFinite)
                }
            }
        }
        return isWrong.firstIndex(of: true).map { $0 * held }
    }
}

/// The first of the numbers whose bits of the exponent are all set: infinities and what is no number.
private func firstPlace<Bits: FixedWidthInteger & Sendable>(
    of count: Int, in numbers: UnsafePointer<Bits>, exponent: Bits
) -> Int? {
    let size = 1 << 16
    let isWrong = [Bool](unsafeUninitializedCapacity: (count + size - 1) / size) { wrong, wrongCount in
        wrongCount = (count + size - 1) / size
        guard let wrong = wrong.baseAddress else { return }
        Parallel.forEachChunk(of: wrongCount, grain: 4) { blocks in
            for block in blocks {
                var found: Bits = 0
                for place in block * size..<min(count, (block + 1) * size) {
                    found |= numbers[place] & exponent == exponent ? 1 : 0
                }
                (wrong + block).initialize(to: found != 0)
            }
        }
    }
    return isWrong.firstIndex(of: true).flatMap { block in
        (block * size..<min(count, (block + 1) * size)).first { numbers[$0] & exponent == exponent }
    }
}
