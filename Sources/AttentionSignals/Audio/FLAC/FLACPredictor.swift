/// A prediction of each sample by those before it: `floor(Σ coefficients[i] · sample[n − 1 − i] / 2^shift)`.
struct FLACPredictor {
    private let coefficients: [Int]
    private let shift: Int

    /// Coefficients of order 0 to 4: the polynomial through the samples before goes on (section 9.2.5).
    init(fixedOrder order: Int) {
        coefficients = [[], [1], [2, -1], [3, -3, 1], [4, -6, 4, -1]][order]
        shift = 0
    }

    /// Reads coefficients of an order from 1 to 32 (section 9.2.6).
    init(_ bits: inout FLACBits, order: Int) throws(SignalError) {
        let precision = try bits.take(4) + 1
        guard precision < 16 else { throw .damagedFLAC("coefficients of 1 to 15 bits", found: "the reserved value") }
        shift = try bits.takeSigned(5)
        guard shift >= 0 else { throw .damagedFLAC("a shift of coefficients of 0 or more", found: "\(shift)") }
        var coefficients: [Int] = []
        for _ in 0..<order { coefficients.append(try bits.takeSigned(precision)) }
        self.coefficients = coefficients
    }

    /// Puts samples in the places of what they differ by from the prediction; the first ones, on which that stands, are there.
    ///
    /// No sum overflows: of at most 32 products of 15 bits and 33, and a difference, each takes fewer than 60.
    func restore(_ samples: inout [Int], bitCount: Int) throws(SignalError) {
        let range = -1 << (bitCount - 1)..<1 << (bitCount - 1)
        let order = coefficients.count
        let misfit = samples.withUnsafeMutableBufferPointer { samples -> Int? in
            coefficients.withUnsafeBufferPointer { coefficients in
                for index in order..<samples.count {
                    var sum = 0
                    for place in 0..<order { sum &+= coefficients[place] &* samples[index &- 1 &- place] }
                    samples[index] &+= sum &>> shift
                    guard range ~= samples[index] else { return samples[index] }
                }
                return nil
            }
        }
        if let misfit { throw .damagedFLAC("samples of \(bitCount) bits", found: "\(misfit)") }
    }
}
