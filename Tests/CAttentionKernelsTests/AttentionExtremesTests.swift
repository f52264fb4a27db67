import CAttentionKernels
import Testing

/// Numbers that overflow on the way, infinities and NaN: they reach those who see them, and nobody else.
@Suite struct AttentionExtremesTests {
    @Test(arguments: TestPrecision.allCases)
    func hugeScores(precision: TestPrecision) {
        var generator = Generator(state: 2)
        for range in [Float(30), 1e4] {
            let one = AttentionCase(queries: 20, keys: 300, headSize: 8, valueSize: 8, range: range, using: &generator)
            let expected = one.forward(Table.scalar.attention(precision))
            for table in Table.available {
                let found = one.forward(table.attention(precision))
                #expect(found.output.values.allSatisfy { $0.isFinite })
                expectClose(found.logSum, expected.logSum, tolerance: 1e-5, "\(table.name) range \(range)")
                if range == 30, precision == .exact {
                    expectClose(found.output, expected.output, tolerance: 2e-3, "\(table.name) huge scores")
                }
            }
        }
    }

    @Test func whatNobodySeesIsNotRead() {
        for method in Table.attentionMethods {
            var generator = Generator(state: 3)
            var one = AttentionCase(queries: 20, keys: 200, headSize: 16, valueSize: 16, using: &generator)
            one.a.visible_keys = 37
            let clean = one.forward(method)
            for j in 37..<200 {
                one.key.pointer[j * one.a.key_stride] = .nan
                one.value.pointer[j * one.a.value_stride] = .infinity
            }
            let found = one.forward(method)
            #expect(found.output.values == clean.output.values)
            #expect(one.backward(method).allSatisfy { $0.values.allSatisfy { $0.isFinite } })
        }
    }

    /// Neither by 0 · NaN in a product nor by ∞ − ∞: what a query does not see has no influence, wherever it lies.
    @Test(arguments: TestPrecision.allCases)
    func invisibleSpecialValuesHaveNoInfluence(precision: TestPrecision) {
        for table in Table.available {
            let method = table.attention(precision)
            var generator = Generator(state: 10)
            for (queries, keys) in [(3, 60), (40, 60), (70, 150)] {
                for masked in [false, true] {
                    var one = AttentionCase(
                        queries: queries, keys: keys, headSize: 20, valueSize: 12, using: &generator)
                    (one.a.left, one.a.right) = (20, 0)
                    if masked { one.hide() }
                    guard one.isAffordable(table) else { continue }
                    let clean = (one.forward(method), one.backward(method))
                    for (key, special) in [(2, Float.nan), (17, .infinity), (31, -.infinity)] {
                        one.value.pointer[key * one.a.value_stride + 1] = special
                        one.key.pointer[key * one.a.key_stride + 3] = .nan
                    }
                    let (output, gradients) = (one.forward(method).output, one.backward(method))
                    let tolerance = Float(precision.tolerance)
                    for i in 0..<queries {
                        let sees = [2, 17, 31].contains { one.sees(i, $0) }
                        for d in 0..<12 {
                            let (x, y) = (output[i * one.outputStride + d], clean.0.output[i * one.outputStride + d])
                            #expect(
                                sees ? d != 1 || x.isNaN : abs(x - y) <= tolerance, "\(table.name) query \(i)")
                        }
                        let x = gradients[0][i * one.a.query_stride]
                        #expect(sees ? x.isNaN : abs(x - clean.1[0][i * one.a.query_stride]) <= 2 * tolerance)
                    }
                }
            }
        }
    }

    @Test(arguments: TestPrecision.allCases)
    func specialValuesPropagate(precision: TestPrecision) {
        var generator = Generator(state: 4)
        let one = AttentionCase(queries: 9, keys: 150, headSize: 16, valueSize: 16, using: &generator)
        one.query.pointer[2 * one.a.query_stride] = .nan
        one.query.pointer[5 * one.a.query_stride + 1] = .infinity
        let expected = one.forward(Table.scalar.attention(precision))
        for table in Table.available {
            let found = one.forward(table.attention(precision))
            expectClose(found.output, expected.output, tolerance: 5e-6, table.name)
            expectClose(found.logSum, expected.logSum, tolerance: 5e-6, table.name)
            #expect(found.output[2 * one.outputStride].isNaN && !found.output[3 * one.outputStride].isNaN)
        }
    }

    /// Numbers whose split or rounding would overflow, though the result does not.
    @Test(arguments: TestPrecision.allCases)
    func largeNumbers(precision: TestPrecision) {
        var generator = Generator(state: 14)
        let one = AttentionCase(queries: 40, keys: 70, headSize: 16, valueSize: 16, using: &generator)
        for j in [3, 50] { one.value.pointer[j * one.a.value_stride] = 1e37 }
        one.query.pointer[20 * one.a.query_stride] = 1e25
        let expected = one.forward(Table.scalar.attention(precision))
        for table in Table.available {
            let found = one.forward(table.attention(precision))
            expectClose(found.output, expected.output, tolerance: 1e-5, table.name)
        }
    }
}
