internal import CAttentionKernels

extension BlockFormat {
    /// The blocks nearest to these numbers.
    /// - Precondition: the format is one that is made, and the numbers are whole blocks.
    func blocks(rounding numbers: UnsafePointer<Float>, count: Int) -> [UInt8] {
        let (held, size) = (numberCount, byteCount)
        return [UInt8](unsafeUninitializedCapacity: count / held * size) { buffer, initializedCount in
            if let start = buffer.baseAddress {
                Parallel.forEachChunk(of: count / held, grain: 1 << 11) { range in
                    for block in range {
                        let (from, out) = (numbers + block * held, start + block * size)
                        if self == .q80 {
                            Self.roundEightBits(from, to: out)
                        } else {
                            Self.roundFourBits(from, to: out)
                        }
                    }
                }
            }
            initializedCount = count / held * size
        }
    }

    /// The largest magnitude becomes ±127; halves go away from zero.
    private static func roundEightBits(_ numbers: UnsafePointer<Float>, to out: UnsafeMutablePointer<UInt8>) {
        let largest = (0..<32).reduce(Float(0)) { max($0, abs(numbers[$1])) }
        let inverse = write(scale: largest / 127, to: out)
        for index in 0..<32 {
            let quotient = (numbers[index] * inverse).rounded(.toNearestOrAwayFromZero)
            out[2 + index] = UInt8(bitPattern: quotient.isNaN ? 0 : Int8(max(-127, min(127, quotient))))
        }
    }

    /// The number of the largest magnitude becomes −8, so that the side on which it lies has one step more.
    private static func roundFourBits(_ numbers: UnsafePointer<Float>, to out: UnsafeMutablePointer<UInt8>) {
        let extreme = (0..<32).reduce(Float(0)) { abs(numbers[$1]) > abs($0) ? numbers[$1] : $0 }
        let inverse = write(scale: extreme / -8, to: out)
        func integer(_ number: Float) -> UInt8 {
            let sum = number * inverse + 8.5
            return sum.isNaN ? 8 : UInt8(max(0, min(15, sum.rounded(.down))))
        }
        for index in 0..<16 { out[2 + index] = integer(numbers[index]) | integer(numbers[index + 16]) << 4 }
    }

    /// Writes a scale as float16, and says what numbers are to be multiplied by; 0 for a block of zeros. As ggml does: by the scale before it
    /// is rounded.
    private static func write(scale: Float, to out: UnsafeMutablePointer<UInt8>) -> Float {
        var (scale, half) = (scale, UInt16(0))
        kernels.float16_from_float(&half, &scale, 1)
        (out[0], out[1]) = (UInt8(truncatingIfNeeded: half), UInt8(truncatingIfNeeded: half >> 8))
        return scale == 0 ? 0 : 1 / scale
    }
}
