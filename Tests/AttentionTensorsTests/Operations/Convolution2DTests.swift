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
}
