import CAttentionKernels
import Testing

/// A product with its operands in memory, by name of the layout.
struct ProductCase {
    enum Layout: CaseIterable { case rowMajor, transposed, strided, scattered }

    let a: Floats, b: Floats, bias: Floats
    let initial: [Float]
    var product: attn_product
    /// Σ |scale · a b| + |bias| + |c| for the error bound of each element.
    let magnitudes: [Double]

    init(
        rows: Int, columns: Int, depth: Int, a aLayout: Layout, b bLayout: Layout, scale: Float = 1,
        accumulate: Bool = false, activation: attn_activation = attn_activation_none, hasBias: Bool = false,
        using generator: inout Generator
    ) {
        func strides(_ layout: Layout, _ rows: Int, _ columns: Int) -> (Int, Int) {
            switch layout {
            case .rowMajor: (columns, 1)
            case .transposed: (1, rows)
            case .strided: (columns + 5, 1)
            case .scattered: (3 * columns + 2, 3)
            }
        }
        func extent(_ strides: (Int, Int), _ rows: Int, _ columns: Int) -> Int {
            rows == 0 || columns == 0 ? 0 : (rows - 1) * strides.0 + (columns - 1) * strides.1 + 1
        }
        let (aStrides, bStrides) = (strides(aLayout, rows, depth), strides(bLayout, depth, columns))
        a = Floats(generator.floats(extent(aStrides, rows, depth)))
        b = Floats(generator.floats(extent(bStrides, depth, columns)))
        bias = Floats(generator.floats(columns))
        let cStride = columns + 3
        initial = generator.floats(rows * cStride)
        product = attn_product(
            rows: rows, columns: columns, depth: depth, a: a.pointer, a_row_stride: aStrides.0,
            a_column_stride: aStrides.1, b: b.pointer, b_row_stride: bStrides.0, b_column_stride: bStrides.1,
            c: bias.pointer, c_row_stride: cStride, scale: scale, accumulate: accumulate, activation: activation,
            bias: hasBias ? UnsafePointer(bias.pointer) : nil, residual: nil, residual_stride: 0, dropout: 0,
            dropout_seed: 0, dropout_base: 0, dropout_stride: 0)
        magnitudes = (0..<rows * cStride).map { [a, b, initial] index in
            let (row, column) = (index / cStride, index % cStride)
            guard column < columns else { return 0 }
            let sum = (0..<depth).reduce(0.0) {
                $0
                    + abs(
                        Double(a[row * aStrides.0 + $1 * aStrides.1]) * Double(b[$1 * bStrides.0 + column * bStrides.1])
                    )
            }
            return abs(Double(scale)) * sum + 1 + (accumulate ? abs(Double(initial[index])) : 0)
        }
    }

    /// C after `compute`, which may write to all of C.
    func result(_ compute: (inout attn_product) -> Void) -> Floats {
        let c = Floats(initial)
        var product = product
        product.c = c.pointer
        compute(&product)
        return c
    }

    func packed(_ table: Table, split: (rows: Int, columns: Int)? = nil) -> Floats {
        let kernels = table.kernels
        let packed = GuardedMemory(byteCount: kernels.products.1.packed_size(product.depth, product.columns))
        let workspace = GuardedMemory(byteCount: kernels.products.1.workspace_size(product.depth))
        let (row, column) = split ?? (product.rows, product.columns)
        let c = result {
            kernels.products.1.pack(packed.start, &$0, 0, column)
            kernels.products.1.pack(packed.start, &$0, column, product.columns)
            for (top, bottom) in [(0, row), (row, product.rows)] {
                for (left, right) in [(0, column), (column, product.columns)] where top < bottom && left < right {
                    kernels.products.1.multiply(&$0, packed.start, top, bottom, left, right, workspace.start)
                }
            }
        }
        #expect(packed.guardIsIntact && workspace.guardIsIntact)
        return c
    }

    func direct(_ table: Table) -> Floats {
        result { table.kernels.product_direct(&$0, 0, product.rows, 0, product.columns) }
    }

    func expectClose(_ found: Floats, _ expected: Floats, relative: Double, _ what: @autoclosure () -> String) {
        #expect(found.guardIsIntact, "\(what()): guard")
        for index in 0..<expected.count {
            let error = abs(Double(found[index]) - Double(expected[index]))
            // Beyond the last column nothing may change at all.
            let bound = index % product.c_row_stride < product.columns ? relative * magnitudes[index] : 0
            if !(error <= bound) && !(found[index].isNaN && expected[index].isNaN) {
                Issue.record("\(what()): [\(index)] is \(found[index]), expected \(expected[index])")
                return
            }
        }
    }
}

@Suite struct ProductTests {
    static func relative(_ table: Table) -> Double { table.name.hasPrefix("amx") ? 1.5e-5 : 2e-6 }

    @Test(arguments: Table.available)
    func allLayoutsAndSizes(table: Table) {
        var generator = Generator(state: 1)
        let sizes = [
            (0, 5, 3), (5, 0, 3), (3, 5, 0), (1, 1, 1), (1, 33, 17), (2, 16, 64), (3, 7, 2), (5, 100, 65), (7, 31, 33),
            (13, 65, 16), (14, 32, 15), (15, 33, 31), (16, 16, 32), (17, 127, 63), (29, 64, 100), (63, 17, 127),
            (100, 3, 257), (33, 40, 300), (40, 70, 600), (240, 33, 1030),
        ]
        for (rows, columns, depth) in sizes {
            for a in ProductCase.Layout.allCases {
                for b in ProductCase.Layout.allCases {
                    let one = ProductCase(rows: rows, columns: columns, depth: depth, a: a, b: b, using: &generator)
                    let expected = one.direct(.scalar)
                    let what = "\(table.name) \(rows) × \(columns) × \(depth), \(a) by \(b)"
                    let relative = Self.relative(table)
                    one.expectClose(one.packed(table), expected, relative: relative, what + " packed")
                    one.expectClose(one.direct(table), expected, relative: relative, what + " direct")
                }
            }
        }
    }

    @Test(arguments: Table.available)
    func epilogues(table: Table) {
        var generator = Generator(state: 2)
        let activations = [
            attn_activation_none, attn_activation_relu, attn_activation_gelu, attn_activation_silu,
            attn_activation_tanh,
        ]
        for (rows, columns, depth) in [(5, 17, 9), (31, 65, 260)] {
            for activation in activations {
                for (scale, accumulate, hasBias) in [(Float(1), false, true), (0.5, true, false), (-2, true, true)] {
                    let one = ProductCase(
                        rows: rows, columns: columns, depth: depth, a: .rowMajor, b: .transposed, scale: scale,
                        accumulate: accumulate, activation: activation, hasBias: hasBias, using: &generator)
                    let expected = one.direct(.scalar)
                    let what = "\(table.name) activation \(activation.rawValue), scale \(scale)"
                    // The activations' slopes reach 1.13.
                    let relative = 1.2 * Self.relative(table)
                    one.expectClose(one.packed(table), expected, relative: relative, what + " packed")
                    one.expectClose(one.direct(table), expected, relative: relative, what + " direct")
                }
            }
        }
    }

    @Test(arguments: Table.available)
    func piecesOfAProductAreTheProduct(table: Table) {
        var generator = Generator(state: 3)
        let (rowBlock, columnBlock) = (table.kernels.products.1.row_block, table.kernels.products.1.column_block)
        let one = ProductCase(
            rows: 2 * rowBlock + 3, columns: 3 * columnBlock + 1, depth: 70, a: .rowMajor, b: .transposed,
            hasBias: true, using: &generator)
        let pieces = one.packed(table, split: (rowBlock, 2 * columnBlock))
        one.expectClose(pieces, one.packed(table), relative: Self.relative(table), table.name)
    }

    @Test(arguments: Table.available)
    func repeatsBitForBit(table: Table) {
        var generator = Generator(state: 4)
        let one = ProductCase(rows: 37, columns: 53, depth: 410, a: .rowMajor, b: .rowMajor, using: &generator)
        #expect(one.packed(table).values.map(\.bitPattern) == one.packed(table).values.map(\.bitPattern))
        #expect(one.direct(table).values.map(\.bitPattern) == one.direct(table).values.map(\.bitPattern))
    }

    @Test(arguments: Table.available)
    func specialValuesStayInTheirRowAndColumn(table: Table) {
        var generator = Generator(state: 5)
        let (rows, columns, depth) = (19, 45, 40)
        for special in [Float.infinity, -.infinity, .nan, .greatestFiniteMagnitude, 1e30] {
            let one = ProductCase(
                rows: rows, columns: columns, depth: depth, a: .rowMajor, b: .rowMajor, using: &generator)
            one.a.pointer[3 * depth + 5] = special
            one.b.pointer[7 * columns + 11] = special
            let expected = one.direct(.scalar)
            for (found, what) in [(one.packed(table), "packed"), (one.direct(table), "direct")] {
                for row in 0..<rows {
                    for column in 0..<columns {
                        let (x, y) = (found[row * (columns + 3) + column], expected[row * (columns + 3) + column])
                        let close = x == y || (x.isNaN && y.isNaN) || abs(x - y) <= 2e-5 * max(20, abs(y))
                        #expect(close, "\(table.name) \(what) \(special) [\(row), \(column)]: \(x), expected \(y)")
                    }
                }
            }
        }
    }

    /// The scalar product against its definition in double precision.
    @Test func scalarProductIsTheDefinition() {
        var generator = Generator(state: 6)
        let one = ProductCase(
            rows: 4, columns: 5, depth: 6, a: .transposed, b: .scattered, scale: 0.25, accumulate: true, hasBias: true,
            using: &generator)
        let (p, found) = (one.product, one.direct(.scalar))
        for row in 0..<4 {
            for column in 0..<5 {
                let sum = (0..<6).reduce(0.0) {
                    $0 + Double(one.a[row * p.a_row_stride + $1 * p.a_column_stride])
                        * Double(one.b[$1 * p.b_row_stride + column * p.b_column_stride])
                }
                let expected = 0.25 * sum + Double(one.bias[column]) + Double(one.initial[row * 8 + column])
                #expect(abs(Double(found[row * 8 + column]) - expected) < 1e-7)
            }
        }
    }
}
