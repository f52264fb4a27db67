import AttentionSignals
import Foundation
import Testing

@Suite struct FourierTests {
    static let sizes = [1, 2, 3, 4, 5, 6, 7, 8, 12, 15, 16, 30, 60, 64, 97, 100, 121, 127, 202, 400, 512, 1024]

    private func input(_ size: Int) -> [Double] { (0..<size).map { sin(Double($0 * $0) * 0.1) + Double($0 % 3) } }

    @Test(arguments: sizes) func equalsNumPy(_ size: Int) throws {
        let transform = try RealFFT(size: size)
        let result = try transform(input(size))
        let expected = try Fixtures.floats("fourier/\(size)")
        #expect(transform.binCount == size / 2 + 1)
        let found = (result.real + result.imaginary).map { Float($0) }
        let largest = expected.map(abs).max() ?? 1
        #expect(Fixtures.distance(found, expected) <= 2e-7 * largest)
    }

    /// Against the definition, for every size up to 150: all factors, all large primes.
    @Test func equalsItsDefinition() throws {
        for size in 1...150 {
            let values = input(size)
            let result = try RealFFT(size: size)(values)
            var error = 0.0
            for bin in 0...size / 2 {
                var (real, imaginary) = (0.0, 0.0)
                for (index, value) in values.enumerated() {
                    let angle = -2 * Double.pi * Double(index * bin % size) / Double(size)
                    (real, imaginary) = (real + value * cos(angle), imaginary + value * sin(angle))
                }
                error = max(error, abs(real - result.real[bin]), abs(imaginary - result.imaginary[bin]))
            }
            #expect(error < 1e-11 * Double(size), "\(size)")
        }
    }

    @Test func refusesOtherSizes() throws {
        #expect(throws: SignalError.self) { try RealFFT(size: 0) }
        #expect(throws: SignalError.self) { try RealFFT(size: 1 << 40) }
        let transform = try RealFFT(size: 4)
        #expect(
            throws: SignalError.unfit(
                operation: "fft", expected: "4 numbers", found: "3",
                wayOut: "fill up with zeros, or make a transform of that size")
        ) { try transform([1, 2, 3]) }
    }
}
