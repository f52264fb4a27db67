import CAttentionKernels
import Testing

@Suite struct ProductTests {
    /// How far a table's sums may be from the scalar table's, relative to the sum of magnitudes: both read the operands alike, but for
    /// those that tiles split.
    static func relative(_ table: Table, _ precision: Precision) -> Float {
        precision == .float32 && table.name.hasPrefix("amx") ? 1.5e-5 : 2e-6
    }

    static let smallSizes = [
        (0, 5, 3), (5, 0, 3), (3, 5, 0), (1, 1, 1), (1, 33, 17), (1, 130, 70), (2, 16, 64), (2, 90, 33), (3, 7, 2),
        (4, 65, 129), (5, 100, 65), (6, 70, 9), (7, 31, 33), (13, 65, 16), (14, 32, 15), (15, 33, 31), (16, 16, 32),
        (17, 127, 63), (29, 64, 100),
    ]
    static let largeSizes = [
        (63, 17, 127), (100, 3, 257), (33, 40, 300), (40, 70, 600), (240, 33, 1030), (9, 40, 2100),
    ]

    @Test(arguments: Table.available, Precision.allCases)
    func allLayoutsAndSizes(table: Table, precision: Precision) {
        var generator = Generator(state: 1)
        for (rows, columns, depth) in Self.smallSizes + Self.largeSizes {
            for a in ProductCase.Layout.allCases {
                for b in ProductCase.Layout.allCases where rows <= 30 || a == b || a == .rowMajor {
                    let one = ProductCase(rows: rows, columns: columns, depth: depth, a: a, b: b, using: &generator)
                    let what = "\(table.name) \(precision) \(rows) × \(columns) × \(depth), \(a) by \(b)"
                    let (found, expected) = (one.packed(table, precision), one.packed(.scalar, precision))
                    if precision == .int8 {
                        #expect(found.guardIsIntact && found.bitPatterns == expected.bitPatterns, "\(what)")
                    } else {
                        one.expectClose(found, expected, relative: Self.relative(table, precision), what)
                    }
                    if precision == .exact {
                        one.expectClose(one.direct(table), one.direct(.scalar), relative: 2e-6, what + " direct")
                    }
                }
            }
        }
    }

    /// A C so large that it is written past the caches, where its rows begin at a line of them and where they do not.
    @Test(arguments: Table.available, Precision.allCases)
    func largeResults(table: Table, precision: Precision) {
        var generator = Generator(state: 8)
        for (columns, depth, accumulate) in [(1021, 9, false), (1030, 5, false), (1021, 3, true), (1021, 530, false)]
        where depth < 100 || precision == .exact {
            let one = ProductCase(
                rows: 1033, columns: columns, depth: depth, Epilogue(scale: 0.5, accumulate: accumulate, hasBias: true),
                using: &generator)
            one.expectClose(
                one.packed(table, precision, split: (512, 512)), one.packed(.scalar, precision),
                relative: Self.relative(table, precision), "\(table.name) \(precision) 1033 × \(columns) × \(depth)")
        }
    }

    @Test(arguments: Table.available, Precision.allCases)
    func epilogues(table: Table, precision: Precision) {
        var generator = Generator(state: 2)
        let activations = [
            attn_activation_none, attn_activation_relu, attn_activation_gelu, attn_activation_silu,
            attn_activation_tanh,
        ]
        for (rows, columns, depth) in [(1, 150, 40), (5, 17, 9), (31, 65, 260)] {
            for activation in activations {
                for (scale, accumulate, hasBias) in [(Float(1), false, true), (0.5, true, false), (-2, true, true)] {
                    for residual in [Epilogue.Residual.none, .other, .itself] {
                        for dropout in [Float(0), 0.25] {
                            let epilogue = Epilogue(
                                scale: scale, accumulate: accumulate, activation: activation, hasBias: hasBias,
                                residual: residual, dropout: dropout)
                            expectLikeScalar(
                                ProductCase(rows: rows, columns: columns, depth: depth, epilogue, using: &generator),
                                table, precision)
                        }
                    }
                }
            }
        }
    }

    /// Sums of several blocks of depth may not pass through C while C is still wanted.
    @Test(arguments: Table.available, Precision.allCases)
    func residualIsItselfOverAllDepth(table: Table, precision: Precision) {
        var generator = Generator(state: 3)
        for (rows, columns, depth) in [(3, 70, 1300), (50, 40, 2500)] {
            for accumulate in [false, true] {
                let epilogue = Epilogue(accumulate: accumulate, activation: attn_activation_relu, residual: .itself)
                expectLikeScalar(
                    ProductCase(rows: rows, columns: columns, depth: depth, epilogue, using: &generator), table,
                    precision)
            }
        }
    }

    private func expectLikeScalar(_ one: ProductCase, _ table: Table, _ precision: Precision) {
        let what = "\(table.name) \(precision) \(one.product.rows) × \(one.product.depth), \(one.epilogue)"
        // The activations' slopes reach 1.13, and what is kept grows by 4/3.
        let relative = 1.6 * Self.relative(table, precision)
        one.expectClose(one.packed(table, precision), one.packed(.scalar, precision), relative: relative, what)
        if precision == .exact {
            one.expectClose(one.direct(table), one.direct(.scalar), relative: relative, what + " direct")
        }
    }

    /// Against products in double precision, relative to the sum of magnitudes.
    @Test(arguments: Table.available, [(Precision.exact, 2e-6), (.float32, 1e-5), (.bfloat16, 1e-2), (.int8, 1e-2)])
    func accuracy(table: Table, bound: (precision: Precision, relative: Double)) {
        var generator = Generator(state: 4)
        for (rows, columns, depth) in [(4, 40, 64), (20, 33, 700)] {
            let one = ProductCase(rows: rows, columns: columns, depth: depth, using: &generator)
            let found = one.packed(table, bound.precision)
            var worst = 0.0
            for row in 0..<rows {
                for column in 0..<columns {
                    var (sum, magnitude) = (0.0, 0.0)
                    for d in 0..<depth {
                        let product = Double(one.a(row, d)) * Double(one.b(d, column))
                        sum += product
                        magnitude += abs(product)
                    }
                    worst = max(worst, abs(Double(found[row * one.product.c_row_stride + column]) - sum) / magnitude)
                }
            }
            #expect(worst <= bound.relative, "\(table.name) \(bound.precision), depth \(depth)")
        }
    }

    /// An element is summed in one order, whatever rows and columns it is computed with.
    @Test(arguments: Table.available, Precision.allCases)
    func piecesOfAProductAreTheProduct(table: Table, precision: Precision) {
        var generator = Generator(state: 5)
        let method = precision.method(table)
        let row = max(method.row_block, 16)
        for (rows, columns) in [(2 * row + 1, 3 * method.column_block + 1), (row + 1, 200)] {
            let one = ProductCase(
                rows: rows, columns: columns, depth: 570, Epilogue(hasBias: true), using: &generator)
            let pieces = one.packed(table, precision, split: (row, 2 * method.column_block))
            #expect(pieces.bitPatterns == one.packed(table, precision).bitPatterns)
        }
    }

    @Test(arguments: Table.available, Precision.allCases)
    func repeatsBitForBit(table: Table, precision: Precision) {
        var generator = Generator(state: 6)
        let one = ProductCase(rows: 37, columns: 53, depth: 410, a: .rowMajor, b: .rowMajor, using: &generator)
        #expect(one.packed(table, precision).bitPatterns == one.packed(table, precision).bitPatterns)
        #expect(one.direct(table).bitPatterns == one.direct(table).bitPatterns)
    }

    @Test(arguments: Table.available, Precision.allCases)
    func specialValuesStayInTheirRowAndColumn(table: Table, precision: Precision) {
        var generator = Generator(state: 7)
        let (rows, columns, depth) = (19, 45, 40)
        for special in [Float.infinity, -.infinity, .nan, .greatestFiniteMagnitude, 1e30] {
            for (a, b) in [(ProductCase.Layout.rowMajor, ProductCase.Layout.rowMajor), (.transposed, .transposed)] {
                let one = ProductCase(rows: rows, columns: columns, depth: depth, a: a, b: b, using: &generator)
                one.a.pointer[3 * one.product.a_row_stride + 5 * one.product.a_column_stride] = special
                one.b.pointer[7 * one.product.b_row_stride + 11 * one.product.b_column_stride] = special
                var pairs = [(one.packed(table, precision), one.packed(.scalar, precision), "packed")]
                if precision == .exact { pairs.append((one.direct(table), one.direct(.scalar), "direct")) }
                for (found, expected, what) in pairs {
                    for row in 0..<rows {
                        for column in 0..<columns {
                            let (x, y) = (found[row * (columns + 3) + column], expected[row * (columns + 3) + column])
                            let close = x == y || (x.isNaN && y.isNaN) || abs(x - y) <= 2e-5 * max(20, abs(y))
                            #expect(
                                close,
                                "\(table.name) \(precision) \(what) \(special) [\(row), \(column)]: \(x), \(y)")
                            if row != 3 && column != 11 { #expect(x.isFinite) }
                        }
                    }
                }
            }
        }
    }
}
