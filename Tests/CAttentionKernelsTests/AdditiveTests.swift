import CAttentionKernels
import Glibc
import Testing

@Suite struct AdditiveTests {
    struct Case {
        let queries: Int, keys: Int, size: Int
        let query: Floats, key: Floats, vector: Floats, upstream: Floats

        init(_ queries: Int, _ keys: Int, _ size: Int, using generator: inout Generator) {
            (self.queries, self.keys, self.size) = (queries, keys, size)
            query = Floats(generator.floats(queries * size, in: -2...2))
            key = Floats(generator.floats(keys * size, in: -2...2))
            vector = Floats(generator.floats(size))
            upstream = Floats(generator.floats(queries * keys))
        }

        func scores(_ table: Table) -> Floats {
            let out = Floats(count: queries * keys)
            table.kernels.additive_scores(
                out.pointer, query.pointer, key.pointer, vector.pointer, queries, keys, size)
            return out
        }

        func backward(_ table: Table) -> [Floats] {
            let (dquery, dkey) = (Floats(repeating: 1, count: query.count), Floats(repeating: 2, count: key.count))
            let dvector = Floats(repeating: 3, count: size)
            table.kernels.additive_scores_backward(
                dquery.pointer, dkey.pointer, dvector.pointer, query.pointer, key.pointer, vector.pointer,
                upstream.pointer, queries, keys, size)
            return [dquery, dkey, dvector]
        }
    }

    @Test(arguments: Table.available)
    func matchesScalar(table: Table) {
        var generator = Generator(state: 1)
        for (queries, keys, size) in [(0, 3, 4), (3, 0, 4), (1, 1, 1), (2, 3, 7), (5, 9, 16), (7, 4, 33), (3, 17, 100)]
        {
            let one = Case(queries, keys, size, using: &generator)
            let what = "\(table.name) \(queries) × \(keys) × \(size)"
            expectClose(one.scores(table), one.scores(.scalar), tolerance: 5e-6, what)
            for (found, expected) in zip(one.backward(table), one.backward(.scalar)) {
                expectClose(found, expected, tolerance: 5e-6, what + " backward")
            }
        }
    }

    /// One vector element of 1, so that scores are the hyperbolic tangent itself.
    @Test(arguments: Table.available)
    func hyperbolicTangent(table: Table) {
        let magnitudes = (-40...40).flatMap { power in (0..<64).map { exp2(Float(power) / 4) * (1 + Float($0) / 400) } }
        let arguments = Floats(magnitudes + magnitudes.map { -$0 } + [0, -0, .infinity, -.infinity, .nan])
        let (zero, one, found) = (Floats([0]), Floats([1]), Floats(count: arguments.count))
        table.kernels.additive_scores(
            found.pointer, zero.pointer, arguments.pointer, one.pointer, 1, arguments.count, 1)
        for (x, y) in zip(arguments.values, found.values) {
            let expected = Float(tanh(Double(x)))
            #expect(y.isNaN == x.isNaN && !(abs(y) > 1))
            #expect(x.isNaN || abs(y - expected) <= 6 * expected.nextDown.ulp, "\(table.name) tanh \(x)")
        }
    }

    @Test func scalarIsTheFormulaAndItsSlope() {
        var generator = Generator(state: 2)
        let one = Case(2, 3, 4, using: &generator)
        func score(_ i: Int, _ j: Int) -> Double {
            (0..<4).reduce(0) {
                $0 + Double(one.vector[$1]) * tanh(Double(one.query[i * 4 + $1]) + Double(one.key[j * 4 + $1]))
            }
        }
        let scores = one.scores(.scalar)
        for i in 0..<2 { for j in 0..<3 { #expect(abs(Double(scores[i * 3 + j]) - score(i, j)) < 1e-6) } }
        func objective() -> Double {
            (0..<6).reduce(0) { $0 + Double(one.upstream[$1]) * score($1 / 3, $1 % 3) }
        }
        for ((parameter, gradient), initial) in zip(
            zip([one.query, one.key, one.vector], one.backward(.scalar)), [Float(1), 0, 3])
        {
            for index in 0..<parameter.count {
                let kept = parameter[index]
                parameter.pointer[index] = kept + 0x1p-10
                let above = objective()
                parameter.pointer[index] = kept - 0x1p-10
                let below = objective()
                parameter.pointer[index] = kept
                #expect(abs((above - below) / 0x1p-9 - Double(gradient[index] - initial)) < 1e-4)
            }
        }
    }
}
