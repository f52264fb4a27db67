/// The fast Fourier transform of real numbers: X[k] = Σ_j x[j] · exp(−2πi j k / size) for k = 0 … size / 2; the rest is their mirror image.
///
/// Any size; 2ᵃ 3ᵇ 5ᶜ are the fast ones. Computed in double precision, four sequences at once: two in the real and two in the imaginary
/// parts of a complex transform, which are told apart by their symmetry.
///
/// - Complexity: O(size log size).
public struct RealFFT: Sendable {
    /// How many numbers a sequence has.
    public let size: Int
    private let plan: FourierPlan

    /// How many numbers the result has: size / 2 + 1.
    public var binCount: Int { size / 2 + 1 }

    /// The largest size that is taken.
    public static let sizeLimit = 1 << 22

    /// - Throws: ``SignalError`` unless the size is 1 to ``sizeLimit``.
    public init(size: Int) throws(SignalError) {
        guard 1...Self.sizeLimit ~= size else {
            throw .unfit(
                operation: "fft", expected: "a size of 1 to \(Self.sizeLimit)", found: "\(size)",
                wayOut: "cut the numbers into frames")
        }
        self.size = size
        plan = FourierPlan(size: size)
    }

    /// The transform of one sequence.
    ///
    /// - Throws: ``SignalError`` unless there are `size` numbers.
    public func callAsFunction(_ values: [Double]) throws(SignalError) -> (real: [Double], imaginary: [Double]) {
        guard values.count == size else {
            throw .unfit(
                operation: "fft", expected: "\(size) numbers", found: "\(values.count)",
                wayOut: "fill up with zeros, or make a transform of that size")
        }
        var buffer = Buffer(size: size)
        for (index, value) in values.enumerated() { buffer.values[index].real[0] = value }
        buffer.transform(plan)
        let result = buffer.values[..<binCount]
        return (result.map { $0.real[0] }, result.map { $0.imaginary[0] })
    }

    /// Room for four sequences and their transforms.
    struct Buffer {
        fileprivate(set) var values: [ComplexLanes]
        private var work: [ComplexLanes]

        init(size: Int) {
            values = [ComplexLanes](repeating: .zero, count: size)
            work = values
        }

        /// The number at this place of all four sequences.
        @inline(__always)
        subscript(index: Int) -> SIMD4<Double> {
            get { SIMD4(lowHalf: values[index].real, highHalf: values[index].imaginary) }
            set { values[index] = ComplexLanes(real: newValue.lowHalf, imaginary: newValue.highHalf) }
        }

        mutating func clear(from start: Int) {
            for index in start..<values.count { values[index] = .zero }
        }

        fileprivate mutating func transform(_ plan: FourierPlan) {
            values.withUnsafeMutableBufferPointer { values in
                work.withUnsafeMutableBufferPointer { plan.transform(values, $0) }
            }
        }
    }

    /// |X[k]|² of the four sequences in the buffer, which is written over.
    ///
    /// With Z the transform of a + i b: A[k] = (Z[k] + conj Z[n − k]) / 2, i B[k] = (Z[k] − conj Z[n − k]) / 2.
    func powers(of buffer: inout Buffer, into powers: inout [SIMD4<Double>]) {
        buffer.transform(plan)
        for bin in 0..<binCount {
            let (here, there) = (buffer.values[bin], buffer.values[(size - bin) % size])
            let (evenReal, oddImaginary) = (here.real + there.real, here.imaginary - there.imaginary)
            let (oddReal, evenImaginary) = (here.real - there.real, here.imaginary + there.imaginary)
            powers[bin] = SIMD4(
                lowHalf: (evenReal * evenReal + oddImaginary * oddImaginary) * 0.25,
                highHalf: (oddReal * oddReal + evenImaginary * evenImaginary) * 0.25)
        }
    }
}
