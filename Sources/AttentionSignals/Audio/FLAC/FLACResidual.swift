/// What samples differ by from their prediction, in partitions of equally many samples, each with a Rice code of its own (section 9.2.7).
enum FLACResidual {
    /// Reads the differences of all samples behind the first so many.
    static func read(_ bits: inout FLACBits, into samples: inout [Int], behind order: Int) throws(SignalError) {
        let method = try bits.take(2)
        guard method < 2 else { throw .damagedFLAC("one of two ways of writing differences", found: "a reserved one") }
        let partitionCount = 1 << (try bits.take(4))
        let size = samples.count / partitionCount
        guard size * partitionCount == samples.count, size >= order else {
            throw .damagedFLAC(
                "\(samples.count) samples, of which \(order) are told, in equal partitions",
                found: "\(partitionCount) partitions")
        }
        let parameterSize = 4 + method
        let escape = 1 << parameterSize - 1
        for partition in 0..<partitionCount {
            let range = (partition == 0 ? order : partition * size)..<(partition + 1) * size
            let parameter = try bits.take(parameterSize)
            if parameter == escape {
                let bitCount = try bits.take(5)
                for index in range { samples[index] = try bits.takeSigned(bitCount) }
            } else {
                for index in range { samples[index] = try bits.takeRice(parameter) }
            }
        }
    }
}

extension FLACBits {
    /// Takes a number by its Rice code: all but its lowest bits as so many zeros and a one, then those; the very lowest says the sign.
    @inline(__always)
    fileprivate mutating func takeRice(_ parameter: Int) throws(SignalError) -> Int {
        let (high, low) = (try takeUnary(), try take(parameter))
        let folded = high &<< parameter | low
        return folded >> 1 ^ -(folded & 1)
    }
}
