import CAttentionKernels
import Testing

/// Weights in blocks: what every table makes of them, against the scalar table and against sums in double.
@Suite struct BlockTests {
    /// The formats of a table, by their numbers.
    private func formats(_ table: Table) -> [attn_block_format] {
        withUnsafeBytes(of: table.kernels.blocks) { Array($0.bindMemory(to: attn_block_format.self)) }
    }

    /// Random blocks whose scales, binary16 at these places, are finite and small.
    private func blocks(_ format: attn_block_format, _ type: Int, count: Int, _ generator: inout Generator) -> [UInt8] {
        let places = [[0], [0, 2], [0], [0, 2], [0], [0, 2], [0, 2], [208]][type]
        var bytes = (0..<count * format.bytes).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
        for block in 0..<count {
            for place in places { bytes[block * format.bytes + place + 1] &= 0xA3 }
        }
        return bytes
    }

    @Test(arguments: Table.available)
    func numbersAreThoseOfTheScalarTable(_ table: Table) {
        var generator = Generator(state: 3)
        let pairs = zip(formats(table), formats(Table.scalar)).enumerated()
        for (type, (tested, scalar)) in pairs {
            #expect(tested.numbers == scalar.numbers && tested.bytes == scalar.bytes)
            let bytes = blocks(scalar, type, count: 3, &generator)
            let count = 3 * scalar.numbers
            for (first, n) in [(0, count), (31, 2), (5, count - 9), (count - 1, 1), (7, 0)] {
                let (out, expected) = (Floats(count: n), Floats(count: n))
                tested.widen(out.pointer, bytes, first, n)
                scalar.widen(expected.pointer, bytes, first, n)
                for index in 0..<n { #expect(out[index].bitPattern == expected[index].bitPattern) }
            }
        }
    }

    @Test(arguments: Table.available)
    func productsAreSumsInDouble(_ table: Table) {
        var generator = Generator(state: 4)
        for (type, format) in formats(table).enumerated() {
            for (rows, columns, blockCount) in [(1, 1, 1), (1, 65, 2), (3, 64, 1), (8, 7, 3), (9, 3, 1), (0, 4, 1)] {
                let depth = blockCount * format.numbers
                let bytes = blocks(format, type, count: columns * blockCount, &generator)
                let a = Floats(generator.floats(rows * depth))
                let (out, weights) = (Floats(count: rows * columns), Floats(count: columns * depth))
                format.widen(weights.pointer, bytes, 0, columns * depth)
                var product = attn_product(
                    rows: rows, columns: columns, depth: depth, a: a.pointer, a_row_stride: depth, a_column_stride: 1,
                    b: a.pointer, b_row_stride: 0, b_column_stride: 0, c: out.pointer, c_row_stride: columns, scale: 1,
                    accumulate: false, activation: attn_activation_none, bias: nil, residual: nil, residual_stride: 0,
                    dropout: 0, dropout_seed: 0, dropout_base: 0, dropout_stride: 0)
                format.multiply(&product, bytes, blockCount * format.bytes, 0, rows, 0, columns)
                for row in 0..<rows {
                    for column in 0..<columns {
                        var (sum, magnitude) = (0.0, 0.0)
                        for d in 0..<depth {
                            let one = Double(a[row * depth + d]) * Double(weights[column * depth + d])
                            (sum, magnitude) = (sum + one, magnitude + abs(one))
                        }
                        let found = Double(out[row * columns + column])
                        #expect(
                            abs(found - sum) <= 1e-6 * magnitude, "\(table.name), format \(type), \(rows) × \(columns)")
                    }
                }
            }
        }
    }
}
