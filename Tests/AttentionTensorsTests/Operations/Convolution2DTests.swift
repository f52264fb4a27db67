import AttentionFiles
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

/// The definition, sum by sum.
private func direct(_ x: Tensor, _ weight: Tensor, _ padding: (rows: Int, columns: Int)) throws -> Tensor {
    let (batch, outputs, height, width) = (
        x.shape[0], weight.shape[0], x.shape[2] + 2 * padding.rows - weight.shape[2] + 1,
        x.shape[3] + 2 * padding.columns - weight.shape[3] + 1
    )
    var values: [Float] = []
    for b in 0..<batch {
        for o in 0..<outputs {
            for row in 0..<height {
                for column in 0..<width {
                    var sum: Float = 0
                    for c in 0..<x.shape[1] {
                        for down in 0..<weight.shape[2] {
                            for right in 0..<weight.shape[3] {
                                let (i, j) = (row + down - padding.rows, column + right - padding.columns)
                                guard i >= 0, i < x.shape[2], j >= 0, j < x.shape[3] else { continue }
                                sum += weight[o, c, down, right] * x[b, c, i, j]
                            }
                        }
                    }
                    values.append(sum)
                }
            }
        }
    }
    return try Tensor(values, shape: [batch, outputs, height, width])
}

@Suite struct Convolution2DTests {
    private static let cases: [(image: Shape, weight: Shape, padding: (rows: Int, columns: Int))] = [
        ([2, 3, 5, 4], [4, 3, 3, 3], (1, 1)), ([1, 2, 4, 6], [1, 2, 7, 7], (3, 3)),
        ([3, 1, 1, 8], [1, 1, 1, 5], (0, 2)),
        ([2, 2, 5, 5], [2, 2, 2, 3], (0, 0)), ([1, 1, 2, 2], [1, 1, 1, 1], (2, 3)),
    ]

    @Test func isItsDefinition() throws {
        for (image, weight, padding) in Self.cases {
            let (x, w) = (random(image, 1), random(weight, 2))
            expectClose(try convolution2D(x, weight: w, padding: padding), try direct(x, w, padding))
        }
    }

    @Test func gradients() throws {
        for (image, weight, padding) in Self.cases {
            try checkGradients(of: [random(image, 1), random(weight, 2)]) {
                try convolution2D($0[0], weight: $0[1], padding: padding)
            }
        }
    }

    @Test func viewsAreReadInTheirOwnOrder() throws {
        let x = random([2, 4, 5, 3], 5).transposed(1, 3)
        let w = random([2, 3, 3, 3], 6)
        expectClose(try convolution2D(x, weight: w), try direct(try x.reshaped(to: x.shape.dimensions), w, (0, 0)))
    }

    @Test func emptyImages() throws {
        #expect(try convolution2D(.zeros([0, 2, 4, 4]), weight: .ones([1, 2, 3, 3])).shape == [0, 1, 2, 2])
        #expect(try convolution2D(.zeros([1, 0, 4, 4]), weight: .ones([1, 0, 3, 3])).values == [0, 0, 0, 0])
        #expect(
            try convolution2D(.zeros([1, 1, 0, 3]), weight: .ones([1, 1, 3, 3]), padding: (1, 1)).shape == [1, 1, 0, 3])
    }

    @Test func refusals() {
        #expect(
            throws: ShapeError(
                "convolution2D", expected: "images [B, C, H, W] for a weight [O, C, h, w]",
                found: "[1, 2, 4, 4] and [1, 3, 3, 3]")
        ) { try convolution2D(.ones([1, 2, 4, 4]), weight: .ones([1, 3, 3, 3])) }
        #expect(
            throws: ShapeError(
                "convolution2D",
                expected: "a kernel of at least 1 × 1 within the image 2 × 2 and its padding",
                found: "5 × 5 with padding 1, 0")
        ) { try convolution2D(.ones([1, 1, 2, 2]), weight: .ones([1, 1, 5, 5]), padding: (1, 0)) }
        #expect(throws: ShapeError.self) {
            try convolution2D(.ones([1, 1, 2, 2]), weight: .ones([1, 1, 1, 1]), padding: (-1, 0))
        }
    }

    /// Larger than what is laid out of patches at a time.
    @Test func piecesAreTheWhole() throws {
        let (x, w, b) = (random([1, 24, 70, 96], 1), random([3, 24, 3, 3], 2), random([3], 3))
        let whole = try convolution2D(x, weight: w, bias: b, padding: (1, 1))
        let top = try convolution2D(try x.sliced(axis: 2, 0..<36), weight: w, bias: b, padding: (1, 1))
        expectClose(try whole.sliced(axis: 2, 0..<35), try top.sliced(axis: 2, 0..<35))
        let tracked = x.tracked()
        let upstream = random([1, 3, 70, 96], 4)
        let found = try convolution2D(tracked, weight: w, padding: (1, 1)).gradients(upstream: upstream)[tracked]
        expectClose(
            try #require(found), try transposedConvolution2D(upstream, weight: w, padding: (1, 1)), tolerance: 1e-4)
    }

    /// Pictures and groups, in pieces beside one another, are convolved as if each were alone.
    @Test func companyDoesNotMatter() throws {
        let (x, w, b) = (random([3, 8, 120, 60], 1), random([6, 4, 3, 3], 2), random([6], 3))
        func convolved(_ x: Tensor, _ w: Tensor, _ b: Tensor, groupCount: Int) throws -> Tensor {
            try convolution2D(x, weight: w, bias: b, stride: (2, 1), padding: (1, 1), groupCount: groupCount)
        }
        let together = try convolved(x, w, b, groupCount: 2)
        for item in 0..<3 {
            for group in 0..<2 {
                let outputs = group * 3..<(group + 1) * 3
                let alone = try convolved(
                    try x.sliced(axis: 0, item..<item + 1).sliced(axis: 1, group * 4..<(group + 1) * 4),
                    try w.sliced(axis: 0, outputs), try b.sliced(axis: 0, outputs), groupCount: 1)
                expectClose(try together.sliced(axis: 0, item..<item + 1).sliced(axis: 1, outputs), alone)
            }
        }
    }

    /// With one kernel a channel, values and gradients are those of each channel alone.
    @Test(arguments: [1, 2, 3])
    func channelsOfTheirOwnAreEachAlone(stride: Int) throws {
        let (x, w) = (random([2, 3, 9, 70], 1).tracked(), random([3, 1, 3, 3], 2).tracked())
        func convolved(_ x: Tensor, _ w: Tensor, groupCount: Int) throws -> Tensor {
            try convolution2D(
                x, weight: w, stride: (stride, stride), padding: (1, 1), dilation: (1, 2), groupCount: groupCount)
        }
        let together = try convolved(x, w, groupCount: 3)
        let upstream = random(together.shape, 3)
        let gradients = together.gradients(upstream: upstream)
        let (dx, dw) = (try #require(gradients[x]), try #require(gradients[w]))
        for channel in 0..<3 {
            let one = channel..<channel + 1
            let image = try x.detached().sliced(axis: 1, one).tracked()
            let kernel = try w.detached().sliced(axis: 0, one).tracked()
            let alone = try convolved(image, kernel, groupCount: 1)
            expectClose(try together.detached().sliced(axis: 1, one), alone.detached())
            let expected = alone.gradients(upstream: try upstream.sliced(axis: 1, one))
            expectClose(try dx.sliced(axis: 1, one), try #require(expected[image]))
            expectClose(try dw.sliced(axis: 0, one), try #require(expected[kernel]), tolerance: 1e-4)
        }
    }

    @Test func convolutionAndItsTransposeAreAdjoint() throws {
        for (groups, stride, dilation) in [(1, 1, 1), (2, 2, 1), (4, 1, 2), (2, 3, 2)] {
            let (x, w) = (random([2, 4, 11], 1), random([8, 4 / groups, 3], 2))
            let y = try convolution1D(x, weight: w, stride: stride, padding: 1, dilation: dilation, groupCount: groups)
            let u = random(y.shape, 3)
            let span = 11 + 2 - dilation * 2 - 1
            let back = try transposedConvolution1D(
                u, weight: w, stride: stride, padding: 1, outputPadding: span % stride, dilation: dilation,
                groupCount: groups)
            #expect(abs((y * u).sum().scalar - (x * back).sum().scalar) < 1e-3)
        }
    }

    @Test func moreRefusals() {
        #expect(
            throws: ShapeError(
                "convolution2D", expected: "4 channels and 6 outputs in equal groups of 2", found: "3 groups")
        ) { try convolution2D(.ones([1, 4, 4, 4]), weight: .ones([6, 2, 1, 1]), groupCount: 3) }
        #expect(throws: ShapeError("convolution2D", expected: "a bias [6]", found: "[5]")) {
            try convolution2D(.ones([1, 2, 4, 4]), weight: .ones([6, 2, 1, 1]), bias: .ones([5]))
        }
        #expect(
            throws: ShapeError(
                "convolution2D",
                expected: "a kernel of at least 1 × 1 within the image 4 × 4 and its padding",
                found: "2 × 2 with padding 0, 0, stride 0, 1")
        ) { try convolution2D(.ones([1, 2, 4, 4]), weight: .ones([6, 2, 2, 2]), stride: (0, 1)) }
        #expect(throws: ShapeError.self) {
            try convolution2D(.ones([1, 2, 4, 4]), weight: .ones([6, 2, 2, 2]), dilation: (1 << 40, 1))
        }
        #expect(throws: ShapeError.self) {
            try convolution2D(.ones([1, 2, 4, 4]), weight: .ones([6, 2, 2, 2]), groupCount: 0)
        }
        #expect(
            throws: ShapeError(
                "transposedConvolution2D", expected: "an output of at least 1 and an output padding below the stride",
                found: "size 3, kernel 1, stride 1, padding 2, output padding 0")
        ) { try transposedConvolution1D(.ones([1, 1, 3]), weight: .ones([1, 1, 1]), padding: 2) }
        #expect(
            throws: ShapeError(
                "maximumPooling2D", expected: "a padding of half of the kernel 3 × 3 at most", found: "2, 0")
        ) { try maximumPooling2D(.ones([1, 1, 8, 8]), kernel: (3, 3), padding: (2, 0)) }
        #expect(
            throws: ShapeError(
                "groupNormalized", expected: "tensors [B, C, ...] of 3 equal groups of channels", found: "[1, 4, 2]")
        ) { try Tensor.ones([1, 4, 2]).groupNormalized(groupCount: 3, gain: .ones([4]), bias: .ones([4])) }
    }
}
