import AttentionFiles
import AttentionTensors
import Testing

@Suite(.serialized) struct PrecisionTests {
    /// Largest |error| of a product, relative to Σ |a b|, against double precision.
    private func error(_ rows: Int, _ columns: Int, _ depth: Int, weight isWeight: Bool) throws -> Double {
        let x = Tensor.normal([rows, depth], key: RandomKey(seed: 1))
        let w = Tensor.normal([columns, depth], key: RandomKey(seed: 2))
        let found = isWeight ? try linear(x, weight: Parameter(w)).values : try matmul(x, w.transposed()).values
        let (a, b) = (x.values.map(Double.init), w.values.map(Double.init))
        var worst = 0.0
        for row in 0..<rows {
            for column in 0..<columns {
                var (sum, magnitude) = (0.0, 0.0)
                for d in 0..<depth {
                    let term = a[row * depth + d] * b[column * depth + d]
                    (sum, magnitude) = (sum + term, magnitude + abs(term))
                }
                worst = max(worst, abs(Double(found[row * columns + column]) - sum) / magnitude)
            }
        }
        return worst
    }

    @Test(arguments: [(Precision.exact, 2e-6), (.float32, 1e-5), (.bfloat16, 1e-2), (.int8, 2e-2)], [1, 8, 37])
    func productsAreAsPreciseAsPromised(_ precision: (Precision, Double), rows: Int) throws {
        let errors = try withPrecision(precision.0) {
            (try error(rows, 70, 300, weight: true), try error(rows, 70, 300, weight: false))
        }
        #expect(errors.0 <= precision.1)
        #expect(errors.1 <= min(precision.1, 1e-2))
    }

    @Test func precisionIsThatOfTheInnermostScope() throws {
        struct Stop: Error {}
        #expect(Precision.current == .float32)
        withPrecision(.bfloat16) {
            #expect(Precision.current == .bfloat16)
            withPrecision(.exact) { #expect(Precision.current == .exact) }
            #expect(throws: Stop.self) { try withPrecision(.int8) { throw Stop() } }
            #expect(Precision.current == .bfloat16)
        }
        #expect(Precision.current == .float32)
    }

    /// Precisions other than the exact one differ from it, so that none is another in disguise.
    @Test(arguments: [Precision.bfloat16, .int8])
    func coarsePrecisionsRound(_ precision: Precision) throws {
        let found = try withPrecision(precision) { try error(16, 32, 200, weight: true) }
        #expect(found > 1e-5)
    }

    /// Gradients are those of the precision in which the product was computed, wherever they are asked for.
    @Test func gradientsKeepThePrecision() throws {
        let x = Tensor.normal([16, 64], key: RandomKey(seed: 1)).tracked()
        let w = Tensor.normal([32, 64], key: RandomKey(seed: 2)).tracked()
        let upstream = Tensor.normal([16, 32], key: RandomKey(seed: 3))
        func gradient(_ precision: Precision) throws -> [Float] {
            let y = try withPrecision(precision) { try linear(x, weight: w) }
            return try #require(y.gradients(upstream: upstream)[w]).values
        }
        let (exact, rounded) = (try gradient(.exact), try gradient(.bfloat16))
        #expect(exact != rounded)
        #expect(zip(exact, rounded).allSatisfy { abs($0 - $1) < 0.2 })
        #expect(try gradient(.int8) == gradient(.float32))
    }

    @Test(arguments: [(1, 700, 300), (9, 130, 500), (200, 64, 33), (257, 300, 70)])
    func exactProductsDoNotDependOnThreads(rows: Int, columns: Int, depth: Int) throws {
        let x = Tensor.normal([rows, depth], key: RandomKey(seed: 1))
        let w = Tensor.normal([columns, depth], key: RandomKey(seed: 2))
        func bits(threads: Int) throws -> [UInt32] {
            let before = Parallel.threadCount
            Parallel.setThreadCount(threads)
            defer { Parallel.setThreadCount(before) }
            return try withPrecision(.exact) { try linear(x, weight: w).values.map(\.bitPattern) }
        }
        let alone = try bits(threads: 1)
        for threads in [2, 3, 8] { #expect(try bits(threads: threads) == alone) }
    }

    /// A weight that is kept packed and then changes in place is packed anew.
    @Test(arguments: Precision.allCases)
    func packedWeightsFollowTheirWeight(_ precision: Precision) throws {
        let x = Tensor.normal([20, 48], key: RandomKey(seed: 1))
        var w = Parameter(.normal([40, 48], key: RandomKey(seed: 2)))
        func product() throws -> [Float] { try withPrecision(precision) { try linear(x, weight: w).values } }
        let first = try product()
        #expect(try product() == first)
        w.withMutableElements { elements in
            for index in 0..<40 * 48 { elements[index] *= 2 }
        }
        #expect(try product() == first.map { 2 * $0 })
    }
}
