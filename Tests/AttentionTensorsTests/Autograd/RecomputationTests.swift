import AttentionTensors
import Testing

/// What is computed once more for its derivative is what it was.
@Suite struct RecomputationTests {
    private let x = Tensor.normal([4, 8], key: RandomKey(seed: 1))
    private let weights = (0..<3).map { Tensor.normal([8, 8], deviation: 0.4, key: RandomKey(seed: 2)[$0]) }

    /// Three layers with dropout, each kept or recomputed: the loss and the gradients of the input and of all weights.
    private func gradients(recomputing isRecomputed: Bool) throws -> (loss: Float, gradients: [Tensor]) {
        let leaves = weights.map { $0.tracked() }
        let input = x.tracked()
        var y = input
        for (index, weight) in leaves.enumerated() {
            let layer: @Sendable ([Tensor]) throws(ShapeError) -> Tensor = { inputs throws(ShapeError) in
                try inputs[0]
                    + matmul(inputs[0].hyperbolicTangent(), weight).dropout(0.3, key: RandomKey(seed: 3)[index])
            }
            y = isRecomputed ? try recomputed([y], layer) : try layer([y])
        }
        let loss = (y * y).sum()
        let found = try loss.gradients()
        return (loss.scalar, try ([input] + leaves).map { try #require(found[$0]) })
    }

    @Test(arguments: Precision.allCases) func resultAndGradientsAreTheSame(_ precision: Precision) throws {
        try withPrecision(precision) {
            let (kept, again) = (try gradients(recomputing: false), try gradients(recomputing: true))
            #expect(kept.loss == again.loss)
            for (a, b) in zip(kept.gradients, again.gradients) { #expect(a.values == b.values) }
        }
    }

    /// What it was computed with at first counts, wherever its derivative is asked for.
    @Test func thePrecisionIsThatOfTheFirstTime() throws {
        func gradient(recomputing isRecomputed: Bool) throws -> [Float] {
            let leaf = x.tracked()
            let weight = weights[0]
            let y = try withPrecision(.bfloat16) {
                isRecomputed
                    ? try recomputed([leaf]) { inputs throws(ShapeError) in
                        try matmul(matmul(inputs[0], weight).hyperbolicTangent(), weight)
                    } : try matmul(matmul(leaf, weight).hyperbolicTangent(), weight)
            }
            return try #require(y.gradients(upstream: .ones(y.shape))[leaf]).values
        }
        #expect(try gradient(recomputing: true) == gradient(recomputing: false))
    }

    @Test func whatIsUsedWithinAndWithoutGetsBothGradients() throws {
        let weight = Tensor(3).tracked()
        let y = try recomputed([weight * 2]) { inputs throws(ShapeError) in inputs[0] * weight * weight } * weight
        // y = 2 w⁴
        #expect(y.scalar == 162)
        #expect(try y.gradients()[weight]?.scalar == 216)
    }

    @Test func whatIsCapturedOfEarlierStepsGetsItsGradient() throws {
        let weight = Tensor(3).tracked()
        let square = weight * weight
        let y = try recomputed([Tensor(5)]) { inputs throws(ShapeError) in inputs[0] * square }
        #expect(y.scalar == 45 && y.isTracked)
        #expect(try y.gradients()[weight]?.scalar == 30)
    }

    @Test func whatIsNotTrackedIsComputedOnce() throws {
        let y = try recomputed([Tensor(5)]) { inputs throws(ShapeError) in inputs[0] * 2 }
        #expect(y.scalar == 10 && !y.isTracked)
        #expect(throws: ShapeError.self) {
            try recomputed([x]) { inputs throws(ShapeError) in try matmul(inputs[0], inputs[0]) }
        }
    }

    /// The graph of the inside is gone as soon as the outside goes on.
    @Test func nothingOfTheInsideIsKept() throws {
        final class Witness: Sendable {}
        final class Watch: @unchecked Sendable { weak var witness: Witness? }
        let watch = Watch()
        let leaf = x.tracked()
        let y = try recomputed([leaf]) { inputs throws(ShapeError) in
            let seen = Witness()
            watch.witness = seen
            let inner = inputs[0] * 2
            return (inner + 1).detached().derived(from: [leaf]) { upstream, gradients in
                withExtendedLifetime(seen) { gradients.add(upstream, to: inner) }
            }
        }
        #expect(y.isTracked && watch.witness == nil)
        #expect(try #require(y.gradients(upstream: .ones(y.shape))[leaf]).values.allSatisfy { $0 == 2 })
    }

    @Test func theTaskChooses() throws {
        #expect(Activations.current == .kept)
        withActivations(.recomputed) { #expect(Activations.current == .recomputed) }
    }
}
