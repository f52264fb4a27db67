import CAttentionKernels
import Testing

@Suite struct TrainingTests {
    @Test(arguments: Table.available)
    func adamMatchesScalar(table: Table) {
        for count in oddSizes {
            var results: [[Floats]] = []
            for one in [table, .scalar] {
                var generator = Generator(state: UInt64(count))
                let weights = Floats(generator.floats(count))
                let first = Floats(generator.floats(count))
                let second = Floats(generator.floats(count, in: 0...1))
                let gradient = Floats(generator.floats(count))
                for step in 1...3 {
                    let corrections = (1 - 1 / Float(1 + step), 1 - 1 / Float(2 + step))
                    one.kernels.adam(
                        weights.pointer, first.pointer, second.pointer, gradient.pointer, 0.5, 0.01, 0.9, 0.98, 1e-8,
                        0.1, corrections.0, corrections.1, count)
                }
                results.append([weights, first, second])
            }
            for (found, expected) in zip(results[0], results[1]) {
                expectClose(found, expected, "\(table.name) of \(count)")
            }
        }
    }

    @Test func scalarAdamIsTheAlgorithm() {
        let (weights, first, second, gradient) = (Floats([2]), Floats([0.1]), Floats([0.04]), Floats([3]))
        Table.scalar.kernels.adam(
            weights.pointer, first.pointer, second.pointer, gradient.pointer, 0.5, 0.01, 0.9, 0.99, 1e-3, 0.1, 0.19,
            0.0199, 1)
        let (g, m, v) = (1.5, 0.09 + 0.15, 0.04 * 0.99 + 0.01 * 1.5 * 1.5)
        let step = m / 0.19 / ((v / 0.0199).squareRoot() + 1e-3)
        #expect(g == 1.5)
        #expect(abs(Double(first[0]) - m) < 1e-6 && abs(Double(second[0]) - v) < 1e-6)
        #expect(abs(Double(weights[0]) - (2 - 0.01 * (step + 0.1 * 2))) < 1e-6)
    }
}
