import AttentionFiles
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64 = 1, in range: ClosedRange<Float> = -1...1) -> Tensor {
    .uniform(shape, in: range, key: RandomKey(seed: seed))
}

@Suite struct OperationTests {
    @Test func arithmeticWithRepeatedAxes() throws {
        for shapes: (Shape, Shape) in [
            ([2, 3], [2, 3]), ([2, 3, 4], [4]), ([2, 3, 1], [1, 5]), ([4], [3, 1]), ([2, 3], []),
        ] {
            let (x, y) = (random(shapes.0, 1), random(shapes.1, 2, in: 1...2))
            try checkGradients(of: [x, y]) { $0[0] + $0[1] }
            try checkGradients(of: [x, y]) { $0[0] - $0[1] }
            try checkGradients(of: [x, y]) { $0[0] * $0[1] }
            try checkGradients(of: [x, y]) { $0[0] / $0[1] }
        }
    }

    @Test func elementwiseFunctions() throws {
        let x = random([5, 7])
        let positive = random([5, 7], 3, in: 0.5...2)
        try checkGradients(of: [x]) { $0[0].exponential() }
        try checkGradients(of: [positive]) { $0[0].logarithm() }
        try checkGradients(of: [positive]) { $0[0].squareRoot() }
        try checkGradients(of: [x]) { $0[0].hyperbolicTangent() }
        try checkGradients(of: [x]) { $0[0].sigmoid() }
        try checkGradients(of: [positive]) { $0[0].relu() }
        try checkGradients(of: [x]) { $0[0].gelu() }
        try checkGradients(of: [x]) { $0[0].silu() }
    }

    @Test func matrixProducts() throws {
        for (left, right): (Shape, Shape) in [
            ([3, 4], [4, 5]), ([2, 3, 4], [4, 5]), ([2, 1, 3, 4], [3, 4, 2]), ([17, 33], [33, 9]), ([1, 5], [5, 1]),
            ([40, 50], [50, 60]),
        ] {
            try checkGradients(of: [random(left, 1), random(right, 2)]) { try matmul($0[0], $0[1]) }
        }
        try checkGradients(of: [random([3, 4], 1), random([5, 4], 2)]) { try matmul($0[0], $0[1].transposed()) }
        try checkGradients(of: [random([2, 4, 3], 1), random([2, 4, 5], 2)]) { try matmul($0[0].transposed(), $0[1]) }
    }

    @Test func linearMaps() throws {
        for activation in Activation.allCases {
            try checkGradients(of: [random([2, 3, 4], 1), random([5, 4], 2), random([5], 3)]) {
                try linear($0[0], weight: $0[1], bias: $0[2], activation: activation)
            }
        }
        try checkGradients(of: [random([70, 40], 1), random([50, 40], 2)]) { try linear($0[0], weight: $0[1]) }
    }

    @Test func viewsAndJoins() throws {
        let x = random([2, 3, 4])
        try checkGradients(of: [x]) { try $0[0].reshaped(to: [6, -1]) }
        try checkGradients(of: [x]) { try $0[0].permuted([2, 0, 1]).reshaped(to: [8, 3]) }
        try checkGradients(of: [x]) { try $0[0].sliced(axis: 1, 1..<3) * 2 }
        try checkGradients(of: [x]) { try $0[0].at(1, axis: -1) }
        try checkGradients(of: [x]) { $0[0].unsqueezed(axis: 1) }
        try checkGradients(of: [random([2, 1, 4])]) { try $0[0].expanded(to: [3, 2, 5, 4]) }
        try checkGradients(of: [x, random([2, 2, 4], 2)]) { try concatenated($0, axis: 1) }
        try checkGradients(of: [x, random([2, 3, 4], 2)]) { try stacked($0, axis: -1) }
        try checkGradients(of: [x]) { try stacked($0[0].unstacked(axis: 1).reversed(), axis: 0) }
    }

    @Test func reductions() throws {
        let x = random([3, 4, 5])
        try checkGradients(of: [x]) { $0[0].sum() }
        try checkGradients(of: [x]) { $0[0].mean() }
        for axis in [-1, 0, 1, 2] {
            try checkGradients(of: [x]) { try $0[0].sum(axis: axis) }
            try checkGradients(of: [x]) { try $0[0].mean(axis: axis, keepingAxis: true) }
        }
        #expect(try Tensor([1, 3, 3, 0, -1, 2], shape: [2, 3]).indicesOfMaximum() == [1, 2])
    }

    @Test func softmaxWithAndWithoutMask() throws {
        try checkGradients(of: [random([2, 3, 5])]) { try $0[0].softmax() }
        let mask = try Mask([true, true, false, true, false, false, false, false, true, true], shape: [2, 1, 5])
        try checkGradients(of: [random([2, 3, 5])]) { try $0[0].softmax(visible: mask) }
        let empty = try Mask([false, true], shape: [2, 1])
        let weights = try random([2, 3], 1, in: -1e4...1e4).softmax(visible: empty).values
        #expect(weights[0..<3].allSatisfy { $0 == 0 })
        #expect(abs(weights[3..<6].reduce(0, +) - 1) < 1e-6)
    }

    @Test func layerNormalization() throws {
        try checkGradients(of: [random([6, 9], 1), random([9], 2), random([9], 3)]) {
            try $0[0].layerNormalized(gain: $0[1], bias: $0[2])
        }
        try checkGradients(of: [random([300, 8], 1), random([8], 2), random([8], 3)]) {
            try $0[0].layerNormalized(gain: $0[1], bias: $0[2])
        }
    }

    @Test func embeddingRows() throws {
        try checkGradients(of: [random([7, 20])]) { try $0[0].rows([1, 6, 1, 0], shape: [2, 2]) }
    }

    @Test func crossEntropies() throws {
        let targets: [Int?] = [1, nil, 4, 0]
        for smoothing: Float in [0, 0.1] {
            try checkGradients(of: [random([4, 5], 1, in: -3...3)]) {
                try $0[0].crossEntropy(targets: targets, smoothing: smoothing)
            }
            try checkGradients(of: [random([4, 3], 1), random([5, 3], 2), random([5], 3)]) {
                try linearCrossEntropy(
                    $0[0], weight: Parameter($0[1]), bias: Parameter($0[2]), targets: targets, smoothing: smoothing)
            }
        }
    }

    @Test func dropoutKeepsTheMean() throws {
        let x = Tensor.ones([100, 1000])
        let thinned = x.dropout(0.3, key: RandomKey(seed: 5))
        #expect(abs(thinned.mean().scalar - 1) < 0.01)
        #expect(thinned.values == x.dropout(0.3, key: RandomKey(seed: 5)).values)
        #expect(thinned.values != x.dropout(0.3, key: RandomKey(seed: 6)).values)
        try checkGradients(of: [random([4, 50])]) { $0[0].dropout(0.5, key: RandomKey(seed: 1)) }
    }

    @Test func recurrentSteps() throws {
        try checkGradients(of: [random([3, 12], 1), random([3, 12], 2), random([3, 4], 3)]) {
            try gruStep(input: $0[0], hidden: $0[1], previous: $0[2])
        }
        try checkGradients(of: [random([3, 16], 1), random([3, 4], 2)]) {
            try lstmStep(sums: $0[0], previousCell: $0[1])
        }
    }

    @Test func gradientsMeetAndAddUp() throws {
        let x = random([3]).tracked()
        let y = x * x + x * 2 + x
        let gradient = try #require(try y.sum().gradients()[x])
        expectClose(gradient, x.detached() * 2 + 3)
        #expect(try x.detached().sum().gradients()[x] == nil)
    }

    @Test func wrongShapesAreRefusedInOneSentence() {
        #expect(
            throws: ShapeError("matmul", expected: "64 rows in the second operand to match [2, 64]", found: "[32, 8]")
        ) {
            try matmul(.zeros([2, 64]), .zeros([32, 8]))
        }
        #expect(throws: ShapeError.self) { try Tensor([1, 2], shape: [3]) }
        #expect(throws: ShapeError.self) { try Tensor.zeros([2]).reshaped(to: [3]) }
        #expect(throws: ShapeError.self) { try Shape([1 << 40, 1 << 40]).checked(for: "zeros") }
    }
}
