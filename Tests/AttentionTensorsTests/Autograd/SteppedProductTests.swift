import AttentionFiles
import AttentionTensors
import AttentionTestSupport
import Testing

/// A weight that is applied step by step has the gradient it has when it is applied to all rows at once.
@Suite struct SteppedProductTests {
    private let weight = Tensor.normal([19, 23], deviation: 0.3, key: RandomKey(seed: 1)).tracked()
    private let bias = Tensor.normal([19], key: RandomKey(seed: 2)).tracked()

    /// As many steps as these sizes; one product for each, against one for all.
    private func expectSameGradients(_ sizes: [Int], _ precision: (Int) -> Precision = { _ in .float32 }) throws {
        let x = Tensor.normal([sizes.reduce(0, +), 23], key: RandomKey(seed: 3)).tracked()
        let upstream = Tensor.normal([x.shape[0], 19], key: RandomKey(seed: 4))
        var (outputs, start): ([Tensor], Int) = ([], 0)
        for (step, size) in sizes.enumerated() {
            outputs.append(
                try withPrecision(precision(step)) {
                    try linear(try x.sliced(axis: 0, start..<start + size), weight: weight, bias: bias)
                })
            start += size
        }
        let stepped = try concatenated(outputs, axis: 0).gradients(upstream: upstream)
        let whole = try (matmul(x, weight.transposed()) + bias).gradients(upstream: upstream)
        let tolerance: Float = sizes.indices.contains { precision($0) == .bfloat16 } ? 2e-2 : 1e-5
        for (name, leaf) in [("weight", weight), ("bias", bias), ("x", x)] {
            let (found, expected) = (try #require(stepped[leaf]).values, try #require(whole[leaf]).values)
            let largest = expected.map { abs($0) }.max() ?? 0
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance * largest }, "\(name)")
        }
    }

    @Test func oneStep() throws { try expectSameGradients([7]) }

    @Test func manyStepsOfAllSizes() throws { try expectSameGradients([9, 64, 1, 16, 0, 33, 12, 256]) }

    /// More than wait for each other, and steps too large to wait.
    @Test func moreRowsThanWait() throws {
        try expectSameGradients(Array(repeating: 250, count: 19) + [257, 300, 40])
    }

    @Test func stepsOfDifferentPrecision() throws {
        try expectSameGradients([20, 20, 30, 10, 5]) { $0 % 2 == 0 ? .exact : .float32 }
        try expectSameGradients([20, 20, 30, 10, 5]) { $0 % 2 == 0 ? .bfloat16 : .exact }
    }

    /// The gradient of a weight that is computed from others goes on to them.
    @Test func weightsThatAreNotLeaves() throws {
        let x = Tensor.normal([12, 23], key: RandomKey(seed: 5))
        let scaled = weight * 2
        let sum = try linear(x, weight: scaled) + linear(x * 3, weight: scaled)
        let upstream = Tensor.normal([12, 19], key: RandomKey(seed: 6))
        let found = sum.gradients(upstream: upstream)[weight]
        let expected = try (matmul(x, weight.transposed()) * 8).gradients(upstream: upstream)[weight]
        expectClose(try #require(found), try #require(expected))
    }

    /// A weight may also be used otherwise, as a tied embedding is.
    @Test func weightsThatAreUsedOtherwiseToo() throws {
        let x = Tensor.normal([12, 23], key: RandomKey(seed: 7))
        let steps = try linear(x, weight: weight).sum() + linear(x, weight: weight).sum() + (weight * weight).sum()
        let expected = try (matmul(x, weight.transposed()).sum() * 2 + (weight * weight).sum()).gradients()[weight]
        let found = try steps.gradients()[weight]
        expectClose(try #require(found), try #require(expected))
    }

    /// What was laid out for one graph is not used in the next, when the weight has changed.
    @Test func changedWeightsAreLaidOutAnew() throws {
        let x = Tensor.normal([32, 23], key: RandomKey(seed: 8))
        for factor: Float in [1, 2, -1] {
            let tracked = (weight.detached() * factor).tracked()
            let expected = try matmul(x, weight.detached().transposed()) * factor
            for _ in 0..<2 { expectClose(try linear(x, weight: tracked), expected) }
        }
    }
}
