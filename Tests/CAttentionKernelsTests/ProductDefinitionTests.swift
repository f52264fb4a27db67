import CAttentionKernels
import Testing

/// The scalar products against their definitions, and what integers must get right in every table.
@Suite struct ProductDefinitionTests {
    private func sum(_ one: ProductCase, _ row: Int, _ column: Int, _ read: (Float) -> Double) -> Double {
        (0..<one.product.depth).reduce(0) { $0 + read(one.a(row, $1)) * read(one.b($1, column)) }
    }

    @Test func exact() {
        var generator = Generator(state: 1)
        for residual in [Epilogue.Residual.none, .other, .itself] {
            let epilogue = Epilogue(
                scale: 0.25, accumulate: true, activation: attn_activation_relu, hasBias: true, residual: residual,
                dropout: 0.5)
            let one = ProductCase(
                rows: 4, columns: 5, depth: 6, a: .transposed, b: .scattered, epilogue, using: &generator)
            for found in [one.direct(.scalar), one.packed(.scalar, .exact)] {
                for row in 0..<4 {
                    for column in 0..<5 {
                        let before = Double(one.initial[row * 8 + column])
                        var x = max(0, 0.25 * sum(one, row, column, Double.init) + Double(one.bias[column]) + before)
                        let index = one.product.dropout_base + UInt64(row * one.product.dropout_stride + column)
                        x = attn_random_bits(77, index) >> 31 == 1 ? 2 * x : 0
                        switch residual {
                        case .none: break
                        case .other: x += Double(one.residual[row * 6 + column])
                        case .itself: x += before
                        }
                        #expect(abs(Double(found[row * 8 + column]) - x) < 3e-7)
                    }
                }
            }
        }
    }

    @Test func bfloat16() {
        var generator = Generator(state: 2)
        let one = ProductCase(rows: 3, columns: 4, depth: 9, a: .strided, b: .rowMajor, using: &generator)
        let found = one.packed(.scalar, .bfloat16)
        func rounded(_ x: Float) -> Double {  // eight significant bits, ties to even
            let unit = Float(sign: .plus, exponent: x.exponent - 7, significand: 1)
            return Double((x / unit).rounded(.toNearestOrEven) * unit)
        }
        for row in 0..<3 {
            for column in 0..<4 {
                #expect(abs(Double(found[row * 7 + column]) - sum(one, row, column, rounded)) < 1e-6)
            }
        }
    }

    @Test func int8() {
        var generator = Generator(state: 3)
        let one = ProductCase(rows: 3, columns: 4, depth: 9, a: .scattered, b: .strided, using: &generator)
        let found = one.packed(.scalar, .int8)
        func quantised(_ x: [Float]) -> (integers: [Int], scale: Double) {
            let largest = x.map(abs).max()!
            return (x.map { Int(($0 * (127 / largest)).rounded(.toNearestOrEven)) }, Double(largest / 127))
        }
        for row in 0..<3 {
            for column in 0..<4 {
                let a = quantised((0..<9).map { one.a(row, $0) })
                let b = quantised((0..<9).map { one.b($0, column) })
                let integer = zip(a.integers, b.integers).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(Double(found[row * 7 + column]) - Double(integer) * a.scale * b.scale) < 1e-6)
            }
        }
    }

    /// 140,000 · 127² is beyond 32 bits.
    @Test(arguments: Table.available)
    func integersNeverOverflow(table: Table) {
        var generator = Generator(state: 4)
        let depth = 140_000
        for residual in [Epilogue.Residual.none, .itself] {
            let one = ProductCase(rows: 2, columns: 3, depth: depth, Epilogue(residual: residual), using: &generator)
            for d in 0..<depth {
                one.a.pointer[d] = 0.5
                one.b.pointer[d] = d % 2 == 0 ? 2 : 1.99
                one.b.pointer[depth + d] = -2
            }
            let found = one.packed(table, .int8)
            #expect(found.bitPatterns == one.packed(.scalar, .int8).bitPatterns)
            let before = residual == .itself ? one.initial[1] : 0
            #expect(abs(found[1] - before + Float(depth)) < 0.1)
        }
    }

    /// Zeros, and what is so small that it counts as zero, have no scale that rounds to integers.
    @Test(arguments: Table.available)
    func integersOfNothing(table: Table) {
        var generator = Generator(state: 5)
        let one = ProductCase(rows: 3, columns: 4, depth: 20, using: &generator)
        for d in 0..<20 {
            one.a.pointer[d] = 0
            one.a.pointer[20 + d] = .leastNonzeroMagnitude
            one.b.pointer[d] = -0.0
        }
        let found = one.packed(table, .int8)
        #expect(found.bitPatterns == one.packed(.scalar, .int8).bitPatterns)
        for index in [0, 1, 2, 3, 7, 8, 9, 10, 14] { #expect(found[index] == 0) }
        #expect(found[15] != 0)
    }

    @Test(arguments: Table.available)
    func infinityAndNaNAreNaNOfIntegers(table: Table) {
        for special in [Float.infinity, -.infinity, .nan] {
            var generator = Generator(state: 6)
            let one = ProductCase(rows: 17, columns: 40, depth: 33, using: &generator)
            one.a.pointer[2 * 33 + 30] = special
            one.b.pointer[35 * 33 + 1] = special
            let found = one.packed(table, .int8)
            for row in 0..<17 {
                for column in 0..<40 {
                    #expect(found[row * 43 + column].isNaN == (row == 2 || column == 35))
                }
            }
        }
    }
}
