/// A Fourier transform of any size as a convolution, which transforms of a power of two compute.
///
/// With c[j] = exp(−πi j² / n): Z[k] = c[k] · Σ_j (z[j] c[j]) · conj c[k − j].
///
/// Source: Bluestein, *A linear filtering approach to the computation of discrete Fourier transform* (1970).
final class ChirpTransform: Sendable {
    private let size: Int
    private let plan: FourierPlan
    /// c, and the transform of its conjugate laid around the circle, divided by the circle's length.
    private let chirp: [Root]
    private let filter: [Root]

    init(size: Int) {
        self.size = size
        var length = 1
        while length < 2 * size - 1 { length *= 2 }
        plan = FourierPlan(size: length)
        // j² modulo 2n: the angle of the exponential repeats there.
        chirp = (0..<size).map { FourierPlan.root($0 * $0 % (2 * size), of: 2 * size) }
        var circle = [ComplexLanes](repeating: .zero, count: length)
        for (index, root) in chirp.enumerated() {
            let value = ComplexLanes(
                real: SIMD2(repeating: root.real / Double(length)),
                imaginary: SIMD2(repeating: -root.imaginary / Double(length)))
            circle[index] = value
            if index > 0 { circle[length - index] = value }
        }
        Self.transform(&circle, plan)
        filter = circle.map { Root(real: $0.real[0], imaginary: $0.imaginary[0]) }
    }

    private static func transform(_ values: inout [ComplexLanes], _ plan: FourierPlan) {
        var work = [ComplexLanes](repeating: .zero, count: values.count)
        values.withUnsafeMutableBufferPointer { values in
            work.withUnsafeMutableBufferPointer { plan.transform(values, $0) }
        }
    }

    func transform(_ values: UnsafeMutableBufferPointer<ComplexLanes>) {
        var circle = [ComplexLanes](repeating: .zero, count: plan.size)
        for index in 0..<size { circle[index] = values[index] * chirp[index] }
        Self.transform(&circle, plan)
        // The way back is the way there with real and imaginary parts exchanged.
        for index in circle.indices {
            let product = circle[index] * filter[index]
            circle[index] = ComplexLanes(real: product.imaginary, imaginary: product.real)
        }
        Self.transform(&circle, plan)
        for index in 0..<size {
            values[index] =
                ComplexLanes(real: circle[index].imaginary, imaginary: circle[index].real) * chirp[index]
        }
    }
}
