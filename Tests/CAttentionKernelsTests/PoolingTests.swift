import CAttentionKernels
import Testing

/// A window on planes, and what it keeps of one, by its definition.
private struct WindowCase {
    let rows, columns: attn_window_axis

    /// A plane of this height and width under one window along both axes.
    init(_ height: Int, _ width: Int, kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1) {
        func axis(_ size: Int) -> attn_window_axis {
            let slack = size + 2 * padding - dilation * (kernel - 1) - 1
            return attn_window_axis(
                size: size, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
                places: slack < 0 ? 0 : slack / stride + 1)
        }
        (rows, columns) = (axis(height), axis(width))
    }

    var area: Int { rows.size * columns.size }
    var placeCount: Int { rows.places * columns.places }
    var description: String {
        "\(rows.size) × \(columns.size), kernel \(rows.kernel), stride \(rows.stride), padding \(rows.padding), "
            + "dilation \(rows.dilation)"
    }

    /// The greatest elements and where they lie, as PyTorch looks for them.
    func expected(of plane: [Float]) -> (values: [Float], sources: [Int32]) {
        func seen(_ axis: attn_window_axis, _ place: Int) -> [Int] {
            (0..<axis.kernel).map { place * axis.stride + $0 * axis.dilation - axis.padding }
                .filter { (0..<axis.size).contains($0) }
        }
        var (values, sources): ([Float], [Int32]) = ([], [])
        for row in 0..<rows.places {
            for column in 0..<columns.places {
                let window = seen(rows, row).flatMap { line in
                    seen(columns, column).map { line * columns.size + $0 }
                }
                let source =
                    window.last { plane[$0].isNaN }
                    ?? window.first { at in window.allSatisfy { plane[$0] <= plane[at] } }
                values.append(source.map { plane[$0] } ?? -.infinity)
                sources.append(source.map(Int32.init) ?? -1)
            }
        }
        return (values, sources)
    }

    /// The same by a table, in guarded memory.
    func found(_ table: Table, of plane: [Float]) -> (values: [Float], sources: [Int32], guardsAreIntact: Bool) {
        let (x, out) = (Floats(plane), Floats(repeating: 9, count: placeCount))
        let memory = GuardedMemory(byteCount: 4 * placeCount)
        let sources = memory.start.bindMemory(to: Int32.self, capacity: placeCount)
        withUnsafePointer(to: rows) { rows in
            withUnsafePointer(to: columns) { columns in
                table.kernels.maximum_pooling(out.pointer, sources, x.pointer, rows, columns)
            }
        }
        return (
            out.values, Array(UnsafeBufferPointer(start: sources, count: placeCount)),
            memory.guardIsIntact && out.guardIsIntact && x.guardIsIntact
        )
    }
}

@Suite struct PoolingTests {
    private static var cases: [WindowCase] {
        let wide = oddSizes.dropFirst().flatMap { size in
            [
                WindowCase(3, size, kernel: 1), WindowCase(5, size + 1, kernel: 2, stride: 2),
                WindowCase(5, size + 1, kernel: 3, stride: 2, padding: 1),
                WindowCase(4, size + 1, kernel: 2, padding: 1),
                WindowCase(5, size + 4, kernel: 3, padding: 1, dilation: 2),
                WindowCase(7, size + 6, kernel: 4, stride: 3, padding: 2),
            ]
        }
        return wide + [
            WindowCase(1, 1, kernel: 3, stride: 2, padding: 1), WindowCase(2, 2, kernel: 2, padding: 1, dilation: 3),
            WindowCase(0, 3, kernel: 2, padding: 1), WindowCase(3, 0, kernel: 3, padding: 1),
            WindowCase(1, 9, kernel: 2),
        ]
    }

    @Test(arguments: Table.available)
    func isItsDefinition(table: Table) {
        var generator = Generator(state: 6)
        let special: [Float] = [.nan, .infinity, -.infinity, -0.0, 0]
        for one in Self.cases {
            // Few different numbers, so that many are equal, and now and then one that is special.
            let plane = (0..<one.area).map { _ -> Float in
                Int.random(in: 0..<12, using: &generator) == 0
                    ? special.randomElement(using: &generator) ?? 0
                    : Float(Int.random(in: -2...2, using: &generator))
            }
            let (expected, found) = (one.expected(of: plane), one.found(table, of: plane))
            #expect(found.sources == expected.sources, "\(one.description)")
            #expect(found.values.map(\.bitPattern) == expected.values.map(\.bitPattern), "\(one.description)")
            #expect(found.guardsAreIntact, "\(one.description)")
        }
    }

    @Test(arguments: Table.available)
    func ofNothingButTheLeastTheFirstIsKept(table: Table) {
        let one = WindowCase(2, 40, kernel: 2, stride: 2)
        let found = one.found(table, of: [Float](repeating: -.infinity, count: 80))
        #expect(found.values == [Float](repeating: -.infinity, count: 20))
        #expect(found.sources == (0..<20).map { 2 * $0 })
    }
}
