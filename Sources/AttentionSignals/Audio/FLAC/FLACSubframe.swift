/// The samples of one channel in a frame of a FLAC file (section 9.2).
enum FLACSubframe {
    /// Reads as many samples as that, each of so many bits, 4 to 33.
    static func samples(_ bits: inout FLACBits, count: Int, bitCount: Int) throws(SignalError) -> [Int] {
        guard try bits.take(1) == 0 else { throw .damagedFLAC("a reserved bit of 0 before samples", found: "1") }
        let kind = try bits.take(6)
        // Lowest bits that are zero in all samples are not written.
        let wasted = try bits.take(1) == 0 ? 0 : try bits.takeUnary() + 1
        guard wasted < bitCount else {
            throw .damagedFLAC("fewer wasted bits than the \(bitCount) of a sample", found: "\(wasted)")
        }
        var samples = try samples(&bits, of: kind, count: count, bitCount: bitCount - wasted)
        if wasted > 0 {
            for index in samples.indices { samples[index] <<= wasted }
        }
        return samples
    }

    private static func samples(
        _ bits: inout FLACBits, of kind: Int, count: Int, bitCount: Int
    ) throws(SignalError) -> [Int] {
        switch kind {
        case 0: return [Int](repeating: try bits.takeSigned(bitCount), count: count)
        case 1:
            var samples = [Int](repeating: 0, count: count)
            for index in samples.indices { samples[index] = try bits.takeSigned(bitCount) }
            return samples
        case 8...12: return try predicted(&bits, .fixed(order: kind - 8), count: count, bitCount: bitCount)
        case 32...63: return try predicted(&bits, .written(order: kind - 31), count: count, bitCount: bitCount)
        default: throw .damagedFLAC("a way of writing samples", found: "the reserved one of number \(kind)")
        }
    }

    /// Where the coefficients of a prediction come from.
    private enum Source {
        case fixed(order: Int)
        case written(order: Int)

        var order: Int {
            switch self {
            case .fixed(let order), .written(let order): order
            }
        }
    }

    /// The first samples as they are, then what all others differ by from what those before them foretell.
    private static func predicted(
        _ bits: inout FLACBits, _ source: Source, count: Int, bitCount: Int
    ) throws(SignalError) -> [Int] {
        let order = source.order
        guard order <= count else {
            throw .damagedFLAC("\(order) samples to begin a prediction with", found: "a block of \(count)")
        }
        var samples = [Int](repeating: 0, count: count)
        for index in 0..<order { samples[index] = try bits.takeSigned(bitCount) }
        let predictor =
            switch source {
            case .fixed: FLACPredictor(fixedOrder: order)
            case .written: try FLACPredictor(&bits, order: order)
            }
        try FLACResidual.read(&bits, into: &samples, behind: order)
        try predictor.restore(&samples, bitCount: bitCount)
        return samples
    }
}
