import AttentionTensors
import AttentionTesting
import FoundationEssentials
import Testing

/// An operation with inputs to differentiate it at.
private struct Operation {
    let name: String
    let inputs: [Tensor]
    let function: ([Tensor]) throws -> Tensor

    init(_ name: String, _ inputs: Tensor..., function: @escaping ([Tensor]) throws -> Tensor) {
        (self.name, self.inputs, self.function) = (name, inputs, function)
    }
}

private func random(_ shape: Shape, _ seed: UInt64 = 1, in range: ClosedRange<Float> = -1...1) -> Tensor {
    .uniform(shape, in: range, key: RandomKey(seed: seed))
}

/// Numbers of which no two are closer than 1 / 2, in a mixed order: for functions with kinks where two are equal.
private func steps(_ shape: Shape) -> Tensor {
    let count = shape.elementCount
    return try! Tensor((0..<count).map { Float($0 * 37 % count) / 2 }, shape: shape)
}

/// Every public operation of the room that makes tensors of tensors.
private func operations() -> [Operation] {
    let (x, y, row) = (random([2, 3, 4]), random([2, 3, 4], 2), random([4], 3))
    let positive = random([3, 4], 4, in: 0.5...2)
    let (matrix, image) = (random([5, 4], 5), random([1, 2, 4, 5], 6))
    let entries = [true, true, false, true, false, false, false, false, true, true, true, false]
    let mask = Mask(shape: [3, 4], bytes: entries.map { $0 ? 1 : 0 })
    return [
        Operation("+", x, row) { $0[0] + $0[1] }, Operation("+", x) { $0[0] + 2 },
        Operation("-", x, row) { $0[0] - $0[1] }, Operation("-", x) { 1 - (-$0[0] - 2) },
        Operation("*", x, row) { $0[0] * $0[1] }, Operation("*", x) { 3 * ($0[0] * 2) },
        Operation("/", x, positive) { $0[0] / $0[1] }, Operation("/", x) { $0[0] / 3 },
        Operation("exponential", x) { $0[0].exponential() }, Operation("logarithm", positive) { $0[0].logarithm() },
        Operation("squareRoot", positive) { $0[0].squareRoot() },
        Operation("hyperbolicTangent", x) { $0[0].hyperbolicTangent() }, Operation("sigmoid", x) { $0[0].sigmoid() },
        Operation("relu", x) { $0[0].relu() }, Operation("gelu", x) { $0[0].gelu() },
        Operation("geluTanh", x) { $0[0].geluTanh() },
        Operation("geluSigmoid", x) { $0[0].geluSigmoid() },
        Operation("silu", x) { $0[0].silu() },
        Operation("callAsFunction", x) { Activation.silu($0[0]) },
        Operation("callAsFunction", x) { Dropout(0.5, key: RandomKey(seed: 1))($0[0]) },
        Operation("dropout", x) { $0[0].dropout(0.5, key: RandomKey(seed: 1)) },
        Operation("absolute", x) { $0[0].absolute() }, Operation("clamped", x) { $0[0].clamped(to: -0.4...0.6) },
        Operation("power", positive) { $0[0].power(2.5) }, Operation("power", x) { $0[0].power(3) },
        Operation("power", positive, row) { $0[0].power($0[1]) },
        Operation("minimum", x, row) { minimum($0[0], $0[1]) }, Operation("maximum", x, row) { maximum($0[0], $0[1]) },
        Operation("maximum", x) { try $0[0].maximum(visible: mask) },
        Operation("maximum", x) { try $0[0].maximum(axis: 1) },
        Operation("minimum", x) { try $0[0].minimum(visible: mask) },
        Operation("minimum", x) { try $0[0].minimum(axis: 1) },
        Operation("select", x, row) { try .select(where: mask, $0[0], else: $0[1]) },
        Operation("matmul", x, random([4, 5], 7)) { try matmul($0[0], $0[1]) },
        Operation("linear", x, matrix, random([5], 7)) { try linear($0[0], weight: $0[1], bias: $0[2]) },
        Operation("einsum", x, y, random([3, 2], 8)) { try einsum("b q d, b k d, q r -> b k r", $0[0], $0[1], $0[2]) },
        Operation("einsum", random([2, 3, 3])) { try einsum("b i i -> i", $0[0]) },
        Operation("convolution2D", image, random([3, 2, 2, 3], 7)) {
            try convolution2D($0[0], weight: $0[1], padding: (1, 1))
        },
        Operation("convolution2D", random([2, 4, 5, 4], 6), random([6, 2, 3, 2], 7), random([6], 8)) {
            try convolution2D(
                $0[0], weight: $0[1], bias: $0[2], stride: (2, 1), padding: (1, 2), dilation: (1, 2), groupCount: 2)
        },
        Operation("convolution1D", random([2, 3, 7], 6), random([3, 1, 3], 7), random([3], 8)) {
            try convolution1D($0[0], weight: $0[1], bias: $0[2], stride: 2, padding: 1, groupCount: 3)
        },
        Operation("transposedConvolution2D", random([2, 4, 3, 2], 6), random([4, 3, 3, 2], 7), random([6], 8)) {
            try transposedConvolution2D(
                $0[0], weight: $0[1], bias: $0[2], stride: (2, 1), padding: (1, 0), outputPadding: (1, 0),
                dilation: (1, 2), groupCount: 2)
        },
        Operation("transposedConvolution1D", random([1, 2, 4], 6), random([2, 3, 4], 7)) {
            try transposedConvolution1D($0[0], weight: $0[1], stride: 3, padding: 1, outputPadding: 2)
        },
        Operation("maximumPooling2D", steps([2, 2, 5, 4])) {
            try maximumPooling2D($0[0], kernel: (3, 2), stride: (2, 1), padding: (1, 1), dilation: (1, 2))
        },
        Operation("averagePooling2D", image) {
            try averagePooling2D($0[0], kernel: (2, 3), stride: (1, 2), padding: (1, 1))
        },
        Operation("adaptiveAveragePooling2D", image) { try adaptiveAveragePooling2D($0[0], rows: 3, columns: 2) },
        Operation("resizedBilinearly", image) { try $0[0].resizedBilinearly(rows: 7, columns: 3) },
        Operation("sampledBilinearly", random([1, 4, 5, 2]), random([1, 6, 2], 9, in: 1.2...2.8)) {
            try $0[0].sampledBilinearly(at: $0[1])
        },
        Operation("reshaped", x) { try $0[0].reshaped(to: [4, 6]) }, Operation("transposed", x) { $0[0].transposed() },
        Operation("permuted", x) { $0[0].permuted([2, 0, 1]) },
        Operation("sliced", x) { try $0[0].sliced(axis: 1, 1..<3) }, Operation("at", x) { try $0[0].at(1, axis: -1) },
        Operation("unsqueezed", x) { $0[0].unsqueezed(axis: 1) },
        Operation("squeezed", random([2, 1, 3])) { try $0[0].squeezed(axis: 1) },
        Operation("expanded", random([2, 1, 4])) { try $0[0].expanded(to: [3, 2, 5, 4]) },
        Operation("concatenated", x, y) { try concatenated($0, axis: 1) },
        Operation("stacked", x, y) { try stacked($0, axis: -1) },
        Operation("unstacked", x) { try stacked($0[0].unstacked(axis: 1).reversed()) },
        Operation("split", x) { try concatenated($0[0].split(sizes: [1, 0, 2], axis: 1).reversed(), axis: 1) },
        Operation("split", x) { try stacked($0[0].split(count: 2, axis: 2).reversed()) },
        Operation("padded", x) { try $0[0].padded(axis: 1, before: 2, after: 1, .constant(3)) },
        Operation("padded", x) { try $0[0].padded(axis: 1, before: 2, after: 1, .reflect) },
        Operation("padded", x) { try $0[0].padded(axis: 1, before: 2, after: 3, .edge) },
        Operation("rows", matrix) { try $0[0].rows([1, 4, 1, 0], shape: [2, 2]) },
        Operation("selecting", x) { try $0[0].selecting([1, 1, 0]) },
        Operation("sum", x) { $0[0].sum() }, Operation("sum", x) { try $0[0].sum(axis: 1) },
        Operation("mean", x) { $0[0].mean() }, Operation("mean", x) { try $0[0].mean(axis: 0, keepingAxis: true) },
        Operation("cumulativeSum", x) { try $0[0].cumulativeSum(axis: 1) },
        Operation("cumulativeProduct", x) { try $0[0].cumulativeProduct(axis: 1) },
        Operation("cumulativeProduct", Tensor(0) * x) { try $0[0].cumulativeProduct(axis: 1) },
        Operation("cumulativeMaximum", x) { try $0[0].cumulativeMaximum(axis: -1) },
        Operation("sorted", x) { try $0[0].sorted(axis: 1, .descending).values },
        Operation("topK", x) { try $0[0].topK(2).values },
        Operation("softmax", x) { try $0[0].softmax(visible: mask) },
        Operation("logSoftmax", x) { try $0[0].logSoftmax() },
        Operation("logSumExp", x) { try $0[0].logSumExp() },
        Operation("crossEntropy", matrix) { try $0[0].crossEntropy(targets: [1, nil, 3, 0, 2], smoothing: 0.1) },
        Operation("linearCrossEntropy", random([5, 3]), random([4, 3], 2), random([4], 3)) {
            try linearCrossEntropy(
                $0[0], weight: Parameter($0[1]), bias: Parameter($0[2]), targets: [1, nil, 3, 0, 2])
        },
        Operation("layerNormalized", x, row, random([4], 8)) { try $0[0].layerNormalized(gain: $0[1], bias: $0[2]) },
        Operation("groupNormalized", random([2, 4, 3], 6), random([4], 7), row) {
            try $0[0].groupNormalized(groupCount: 2, gain: $0[1], bias: $0[2])
        },
        Operation("batchNormalized", x, random([3], 6), random([3], 7, in: 0.5...2), random([3], 8), random([3], 9)) {
            try $0[0].batchNormalized(mean: $0[1], variance: $0[2], gain: $0[3], bias: $0[4])
        },
        Operation("batchNormalized", x, random([3], 8), random([3], 9)) {
            let (mean, variance) = try $0[0].channelStatistics()
            return try $0[0].batchNormalized(mean: mean, variance: variance, gain: $0[1], bias: $0[2])
        },
        Operation("rootMeanSquareNormalized", x, row) { try $0[0].rootMeanSquareNormalized(gain: $0[1]) },
        Operation("gruStep", random([2, 9]), random([2, 9], 2), random([2, 3], 3)) {
            try gruStep(input: $0[0], hidden: $0[1], previous: $0[2])
        },
        Operation("lstmStep", random([2, 12]), random([2, 3], 2)) { try lstmStep(sums: $0[0], previousCell: $0[1]) },
        Operation("operation", x, row) { inputs in
            .operation(on: inputs) {
                $0[0] * $0[1]
            } pullback: { upstream, inputs, _ in
                [upstream * inputs[1], try (upstream * inputs[0]).sum(axis: 0).sum(axis: 0)]
            }
        },
    ]
}

@Suite struct DifferentiableOperationTests {
    @Test func derivativesAreSlopes() throws {
        for operation in operations() {
            do {
                try checkGradients(of: operation.inputs, samples: 60, operation.function)
            } catch let failure as GradientCheckFailure {
                Issue.record("\(operation.name): \(failure)")
            }
        }
    }

    /// Whatever the sources declare as public and as making a tensor is in the table above, or has no derivative by its very name or inputs.
    @Test func everyPublicOperationIsHere() throws {
        let sources =
            #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4)
            .joined(separator: "/") + "/Sources/AttentionTensors/Operations"
        let declaration =
            /public (?:static |prefix )*func (?<name>[a-zA-Z0-9]+|[-+*\/]) ?[^{]*?-> (?:\[Tensor\]|Tensor|RankedElements)\b/
        var declared: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(atPath: sources) where file.hasSuffix(".swift") {
            let text = String(decoding: try Data(contentsOf: URL(filePath: sources + "/" + file)), as: UTF8.self)
            for match in text.matches(of: declaration) { declared.insert(String(match.output.name)) }
        }
        let withoutDerivative: Set = ["oneHot"]  // of integers
        #expect(declared.count > 50)
        #expect(declared.subtracting(operations().map(\.name)) == withoutDerivative)
    }

    @Test func aTrackedInputGivesATrackedOutput() throws {
        for operation in operations() {
            for index in operation.inputs.indices {
                var inputs = operation.inputs
                inputs[index] = inputs[index].tracked()
                #expect(try operation.function(inputs).isTracked, "\(operation.name), input \(index)")
            }
            #expect(try !operation.function(operation.inputs).isTracked, "\(operation.name)")
        }
    }

    @Test func gradientsOfAPowerAtZero() throws {
        let (x, y) = (try Tensor([0, 0, 2], shape: [3]).tracked(), try Tensor([0, 2, 0], shape: [3]).tracked())
        let gradients = try x.power(y).sum().gradients()
        #expect(gradients[x]?.values == [0, 0, 0])
        #expect(gradients[y]?.values[0] == 0 && gradients[y]?.values[1] == 0)
        #expect(try x.power(0).sum().gradients()[x]?.values == [0, 0, 0])
    }

    @Test func whatIsNotSelectedDoesNotLeak() throws {
        let x = try Tensor([1, .nan, 3], shape: [3]).tracked()
        let chosen = try Tensor.select(where: x .== x, x, else: Tensor(0))
        #expect(chosen.values == [1, 0, 3])
        #expect(try (chosen * chosen).sum().gradients()[x]?.values == [2, 0, 6])
    }

    @Test func notANumberIsTheLargest() throws {
        let x = try Tensor([1, .nan, 3, 3], shape: [4])
        #expect(try x.sorted().indices == [0, 2, 3, 1])
        #expect(try x.sorted(.descending).indices == [1, 2, 3, 0])
        #expect(try x.topK(2).indices == [1, 2])
        let many = Tensor.uniform([3, 400], in: -1...1, key: RandomKey(seed: 2))
        for count in [0, 1, 128, 129, 400] {
            let expected = try many.sorted(.descending).values.sliced(axis: 1, 0..<count)
            #expect(try many.topK(count).values.values == expected.values)
        }
        #expect(minimum(x, Tensor(2)).values[1].isNaN && maximum(x, Tensor(2)).values[1].isNaN)
    }

    @Test func wrongUseIsRefusedInOneSentence() {
        func sentence(_ body: () throws(ShapeError) -> some Any) -> String {
            do throws(ShapeError) {
                _ = try body()
                return "nothing"
            } catch {
                return error.description
            }
        }
        let x = Tensor.zeros([2, 3])
        #expect(
            sentence { () throws(ShapeError) in try x.topK(4) } == "topK: expected a count of 0 … 3 for [2, 3], found 4"
        )
        #expect(
            sentence { () throws(ShapeError) in try x.padded(axis: 1, before: 3, after: 0, .reflect) }
                == "padded: expected widths of at least 0 and at most 2 for [2, 3], found 3 and 0")
        #expect(
            sentence { () throws(ShapeError) in try x.split(sizes: [1, 1], axis: 1) }
                == "split: expected sizes that add up to 3, axis 1 of [2, 3], found [1, 1]")
        #expect(
            sentence { () throws(ShapeError) in try einsum("i j, j k -> i k", x, x) }
                == "einsum: expected one size for the axis j, found 3 and 2")
        #expect(
            sentence { () throws(ShapeError) in try einsum("i j", x) }
                == "einsum: expected an equation like \"q d, k d -> q k\", found \"i j\"")
        #expect(
            sentence { () throws(ShapeError) in try einsum("i j -> k", x) }
                == "einsum: expected axes that an operand has in the result, found k")
        #expect(
            sentence { () throws(ShapeError) in try Tensor.oneHot([1, 3], classCount: 3) }
                == "oneHot: expected classes of 0 ..< 3, found 3")
        #expect(
            sentence { () throws(ShapeError) in try x.cumulativeSum(axis: 2) }
                == "cumulativeSum: expected an axis of [2, 3], found 2")
    }
}
