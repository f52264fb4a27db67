import CAttentionKernels
import Testing

/// How a product reads its operands.
enum Precision: CaseIterable {
    case exact, float32, bfloat16, int8

    func method(_ table: Table) -> attn_product_method {
        let products = table.kernels.products
        return switch self {
        case .exact: products.0
        case .float32: products.1
        case .bfloat16: products.2
        case .int8: products.3
        }
    }
}

/// What happens to a product's sums.
struct Epilogue {
    enum Residual { case none, other, itself }

    var scale: Float = 1
    var accumulate = false
    var activation = attn_activation_none
    var hasBias = false
    var residual = Residual.none
    var dropout: Float = 0
}

/// A product with its operands in memory, by name of the layout.
struct ProductCase {
    enum Layout: CaseIterable { case rowMajor, transposed, strided, scattered }

    let a: Floats, b: Floats, bias: Floats, residual: Floats
    let initial: [Float]
    let epilogue: Epilogue
    var product: attn_product

    init(
        rows: Int, columns: Int, depth: Int, a aLayout: Layout = .rowMajor, b bLayout: Layout = .transposed,
        _ epilogue: Epilogue = Epilogue(), using generator: inout Generator
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
        let (cStride, residualStride) = (columns + 3, columns + 1)
        initial = generator.floats(rows * cStride)
        residual = Floats(generator.floats(rows * residualStride))
        self.epilogue = epilogue
        product = attn_product(
            rows: rows, columns: columns, depth: depth, a: a.pointer, a_row_stride: aStrides.0,
            a_column_stride: aStrides.1, b: b.pointer, b_row_stride: bStrides.0, b_column_stride: bStrides.1,
            c: bias.pointer, c_row_stride: cStride, scale: epilogue.scale, accumulate: epilogue.accumulate,
            activation: epilogue.activation, bias: epilogue.hasBias ? UnsafePointer(bias.pointer) : nil,
            residual: epilogue.residual == .other ? UnsafePointer(residual.pointer) : nil,
            residual_stride: epilogue.residual == .other ? residualStride : cStride, dropout: epilogue.dropout,
            dropout_seed: 77, dropout_base: (1 << 32) - 9, dropout_stride: columns + 1)
    }

    func a(_ row: Int, _ d: Int) -> Float { a[row * product.a_row_stride + d * product.a_column_stride] }
    func b(_ d: Int, _ column: Int) -> Float { b[d * product.b_row_stride + column * product.b_column_stride] }

    /// C after `compute`, which may write to all of C.
    func result(_ compute: (inout attn_product) -> Void) -> Floats {
        let c = Floats(initial)
        var product = product
        product.c = c.pointer
        if epilogue.residual == .itself { product.residual = UnsafePointer(c.pointer) }
        withExtendedLifetime(self) { compute(&product) }
        return c
    }

    /// The product by a packed B, in one piece or in four.
    func packed(_ table: Table, _ precision: Precision, split: (rows: Int, columns: Int)? = nil) -> Floats {
        let method = precision.method(table)
        let packed = GuardedMemory(byteCount: method.packed_size(product.depth, product.columns))
        let workspace = GuardedMemory(byteCount: method.workspace_size(product.depth))
        let (row, column) = split ?? (product.rows, product.columns)
        let c = result {
            method.pack(packed.start, &$0, 0, column)
            method.pack(packed.start, &$0, column, product.columns)
            for (top, bottom) in [(0, row), (row, product.rows)] {
                for (left, right) in [(0, column), (column, product.columns)] where top < bottom && left < right {
                    method.multiply(&$0, packed.start, top, bottom, left, right, workspace.start)
                }
            }
        }
        #expect(packed.guardIsIntact && workspace.guardIsIntact)
        return c
    }

    func direct(_ table: Table) -> Floats {
        result { table.kernels.product_direct(&$0, 0, product.rows, 0, product.columns) }
    }

    /// 1 + |scale| Σ |a b| + |c| for each element of C, and 0 beyond its columns, where nothing may change at all.
    func magnitudes() -> [Float] {
        let sizes = [a, b].map { Floats($0.values.map(abs)) }
        let ones = Floats(repeating: 1, count: product.columns)
        let sums = Floats(repeating: 0, count: initial.count)
        var absolute = product
        (absolute.a, absolute.b) = (UnsafePointer(sizes[0].pointer), UnsafePointer(sizes[1].pointer))
        absolute.c = sums.pointer
        (absolute.scale, absolute.bias, absolute.residual) = (abs(product.scale), UnsafePointer(ones.pointer), nil)
        (absolute.activation, absolute.accumulate, absolute.dropout) = (attn_activation_none, false, 0)
        withExtendedLifetime((sizes, ones)) {
            Table.scalar.kernels.product_direct(&absolute, 0, product.rows, 0, product.columns)
        }
        return sums.values.enumerated().map { index, sum in
            index % product.c_row_stride < product.columns ? sum + abs(initial[index]) : 0
        }
    }

    func expectClose(_ found: Floats, _ expected: Floats, relative: Float, _ what: @autoclosure () -> String) {
        #expect(found.guardIsIntact, "\(what()): guard")
        let magnitudes = magnitudes()
        for index in 0..<expected.count {
            let error = abs(found[index] - expected[index])
            if !(error <= relative * magnitudes[index]) && !(found[index].isNaN && expected[index].isNaN) {
                Issue.record("\(what()): [\(index)] is \(found[index]), expected \(expected[index])")
                return
            }
        }
    }
}

extension Floats {
    var bitPatterns: [UInt32] { values.map(\.bitPattern) }
}
