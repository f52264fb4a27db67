import CAttentionKernels
import Testing

@Suite struct ReductionTests {
    @Test(arguments: Table.available)
    func sums(table: Table) {
        var generator = Generator(state: 1)
        let k = table.kernels
        for count in oddSizes + [5000] {
            let (x, y) = (Floats(generator.floats(count)), Floats(generator.floats(count)))
            let products = zip(x.values, y.values).map { Double($0) * Double($1) }
            #expect(abs(k.sum(x.pointer, count) - x.values.reduce(0) { $0 + Double($1) }) < 1e-10)
            #expect(abs(k.dot(x.pointer, y.pointer, count) - products.reduce(0, +)) < 1e-10)
            let squares = x.values.reduce(0) { $0 + Double($1) * Double($1) }
            #expect(abs(k.sum_of_squares(x.pointer, count) - squares) < 1e-10)
            #expect(k.maximum(x.pointer, count) == x.values.max() ?? -.infinity)
        }
    }

    @Test(arguments: Table.available)
    func maximumOfSpecialValues(table: Table) {
        let k = table.kernels
        for count in oddSizes where count > 0 {
            for position in [0, count / 2, count - 1] {
                let x = Floats(repeating: -.infinity, count: count)
                #expect(k.maximum(x.pointer, count) == -.infinity)
                x.pointer[position] = -5
                #expect(k.maximum(x.pointer, count) == -5)
                x.pointer[position] = .infinity
                #expect(k.maximum(x.pointer, count) == .infinity)
                x.pointer[position] = .nan
                #expect(k.maximum(x.pointer, count).isNaN)
                #expect(k.sum(x.pointer, count).isNaN)
            }
        }
    }

    @Test(arguments: Table.available)
    func columnSums(table: Table) {
        var generator = Generator(state: 2)
        for (rows, columns) in [(0, 5), (1, 1), (3, 17), (65, 31), (130, 100), (200, 257)] {
            let stride = columns + 3
            let x = Floats(generator.floats(rows * stride))
            let initial = generator.floats(columns)
            let (out, expected) = (Floats(initial), Floats(initial))
            table.kernels.column_sums(out.pointer, x.pointer, rows, columns, stride)
            Table.scalar.kernels.column_sums(expected.pointer, x.pointer, rows, columns, stride)
            expectClose(out, expected, tolerance: 5e-6, "\(table.name) \(rows) × \(columns)")
        }
        let x = Floats([1, 2, 9, 3, 4, 9])
        let out = Floats([10, 20])
        table.kernels.column_sums(out.pointer, x.pointer, 2, 2, 3)
        #expect(out.values == [14, 26])
    }
}
