import CAttentionKernels
import Testing

/// A plane under a window, and its sums by their definition.
private struct DepthwiseCase {
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
    var elementCount: Int { rows.kernel * columns.kernel }
    var description: String {
        "\(rows.size) × \(columns.size), kernel \(rows.kernel), stride \(rows.stride), padding \(rows.padding), "
            + "dilation \(rows.dilation)"
    }

    /// Which element of the plane is seen at each place through each element of the window.
    var pairs: [(place: Int, element: Int, source: Int)] {
        func seen(_ axis: attn_window_axis) -> [(place: Int, offset: Int, source: Int)] {
            var seen: [(place: Int, offset: Int, source: Int)] = []
            for place in 0..<axis.places {
                for offset in 0..<axis.kernel {
                    let source = place * axis.stride + offset * axis.dilation - axis.padding
                    if (0..<axis.size).contains(source) { seen.append((place, offset, source)) }
                }
            }
            return seen
        }
        let across = seen(columns)
        return seen(rows).flatMap { row in
            across.map { column in
                (
                    place: row.place * columns.places + column.place,
                    element: row.offset * columns.kernel + column.offset,
                    source: row.source * columns.size + column.source
                )
            }
        }
    }

    /// Calls `body` with the axes.
    func withAxes(_ body: (UnsafePointer<attn_window_axis>, UnsafePointer<attn_window_axis>) -> Void) {
        withUnsafePointer(to: rows) { rows in withUnsafePointer(to: columns) { columns in body(rows, columns) } }
    }
}

@Suite struct DepthwiseTests {
    private static var cases: [DepthwiseCase] {
        let wide = oddSizes.dropFirst().flatMap { size in
            [
                DepthwiseCase(3, size, kernel: 1), DepthwiseCase(5, size + 1, kernel: 2, stride: 2),
                DepthwiseCase(4, size + 2, kernel: 3, padding: 1),
                DepthwiseCase(5, size + 1, kernel: 3, stride: 2, padding: 1),
                DepthwiseCase(5, size + 4, kernel: 3, padding: 1, dilation: 2),
                DepthwiseCase(7, size + 6, kernel: 4, stride: 3, padding: 2),
                DepthwiseCase(4, size + 3, kernel: 2, stride: 2, padding: 3, dilation: 3),
            ]
        }
        return wide + [
            DepthwiseCase(1, 1, kernel: 3, stride: 2, padding: 1), DepthwiseCase(0, 3, kernel: 2, padding: 1),
            DepthwiseCase(3, 0, kernel: 3, padding: 1), DepthwiseCase(1, 9, kernel: 2),
            DepthwiseCase(7, 7, kernel: 7, padding: 3), DepthwiseCase(2, 3, kernel: 1, padding: 2),
            // So large that tables put no zeros around them.
            DepthwiseCase(70, 70, kernel: 3, padding: 1), DepthwiseCase(70, 71, kernel: 3, stride: 2, padding: 1),
            DepthwiseCase(66, 80, kernel: 5, padding: 2, dilation: 2),
            DepthwiseCase(129, 130, kernel: 5, stride: 2, padding: 4, dilation: 2),
            DepthwiseCase(64, 70, kernel: 4, stride: 4),
        ]
    }

    /// The weights of a case: one each, or one for all.
    private func eachFactor(_ weight: [Float], _ one: DepthwiseCase) -> [Double] {
        weight.count == 1
            ? [Double](repeating: Double(weight[0]), count: one.elementCount) : weight.map(Double.init)
    }

    @Test(arguments: Table.available)
    func outputsAreTheirDefinition(table: Table) {
        var generator = Generator(state: 1)
        for one in Self.cases {
            for weightCount in [one.elementCount, 1] {
                let weight = generator.floats(weightCount)
                let (x, initial) = (Floats(generator.floats(one.area)), generator.floats(one.placeCount))
                let (out, kernel, factors) = (Floats(initial), Floats(weight), eachFactor(weight, one))
                one.withAxes { rows, columns in
                    table.kernels.depthwise_convolution(
                        out.pointer, x.pointer, kernel.pointer, weightCount == 1 ? 0 : 1, rows, columns)
                }
                var expected = initial.map(Double.init)
                for pair in one.pairs { expected[pair.place] += factors[pair.element] * Double(x[pair.source]) }
                expectClose(out, Floats(expected.map(Float.init)), tolerance: 5e-6, "\(table.name) \(one.description)")
                #expect(x.guardIsIntact && kernel.guardIsIntact)
            }
        }
    }

    @Test(arguments: Table.available)
    func derivativesByThePlane(table: Table) {
        var generator = Generator(state: 2)
        for one in Self.cases {
            for weightCount in [one.elementCount, 1] {
                let weight = generator.floats(weightCount)
                let (upstream, initial) = (Floats(generator.floats(one.placeCount)), generator.floats(one.area))
                let (dx, kernel, factors) = (Floats(initial), Floats(weight), eachFactor(weight, one))
                one.withAxes { rows, columns in
                    table.kernels.depthwise_input_backward(
                        dx.pointer, upstream.pointer, kernel.pointer, weightCount == 1 ? 0 : 1, rows, columns)
                }
                var expected = initial.map(Double.init)
                for pair in one.pairs { expected[pair.source] += factors[pair.element] * Double(upstream[pair.place]) }
                expectClose(dx, Floats(expected.map(Float.init)), tolerance: 5e-6, "\(table.name) \(one.description)")
                #expect(upstream.guardIsIntact && kernel.guardIsIntact)
            }
        }
    }

    /// Tables add up a few thousand products in single precision at a time.
    @Test(arguments: Table.available)
    func derivativesByTheWeight(table: Table) {
        var generator = Generator(state: 3)
        for one in Self.cases + [DepthwiseCase(130, 130, kernel: 3, padding: 1)] {
            let (upstream, x) = (Floats(generator.floats(one.placeCount)), Floats(generator.floats(one.area)))
            var sums = (0..<one.elementCount).map(Double.init)
            var expected = sums
            one.withAxes { rows, columns in
                sums.withUnsafeMutableBufferPointer { sums in
                    guard let start = sums.baseAddress else { return }
                    table.kernels.depthwise_weight_backward(start, upstream.pointer, x.pointer, rows, columns)
                }
            }
            for pair in one.pairs { expected[pair.element] += Double(upstream[pair.place]) * Double(x[pair.source]) }
            let isClose = zip(sums, expected).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($1)) }
            #expect(isClose, "\(table.name) \(one.description): \(sums) instead of \(expected)")
            #expect(upstream.guardIsIntact && x.guardIsIntact)
        }
    }

    /// What no window sees is not read, be it whatever it is.
    @Test(arguments: Table.available)
    func whatIsNotSeenHasNoInfluence(table: Table) {
        let one = DepthwiseCase(3, 81, kernel: 2, stride: 4)
        let seen = Set(one.pairs.map(\.source))
        let x = Floats((0..<one.area).map { seen.contains($0) ? Float(1) : Float.nan })
        let (out, weight) = (Floats(repeating: 0, count: one.placeCount), Floats([1, 2, 3, 4]))
        one.withAxes { table.kernels.depthwise_convolution(out.pointer, x.pointer, weight.pointer, 1, $0, $1) }
        #expect(out.values == [Float](repeating: 10, count: one.placeCount))
    }
}
