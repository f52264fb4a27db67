import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Foundation
import Testing

private func energies(_ seed: UInt64) -> Tensor { .uniform([1, 1, 3, 4], in: -2...2, key: RandomKey(seed: seed)) }

private func memory() throws -> Memory {
    try Memory(
        preparedKeys: .zeros([1, 1, 4, 1]), values: .uniform([1, 1, 4, 2], in: -1...1, key: RandomKey(seed: 9)))
}

private func stopping(_ energy: Tensor, _ i: Int, _ j: Int) -> Double { 1 / (1 + exp(-Double(energy[0, 0, i, j]))) }

@Suite struct MonotonicTests {
    /// All runs of the process: at each step it stops at some key from the last one on, or never again.
    @Test func expectationIsTheSumOverAllRuns() throws {
        let energy = energies(1)
        var expected = [Double](repeating: 0, count: 12)
        func run(_ step: Int, from place: Int, probability: Double) {
            guard step < 3 else { return }
            var passing = probability
            for key in place..<4 {
                let stop = passing * stopping(energy, step, key)
                expected[step * 4 + key] += stop
                run(step + 1, from: key, probability: stop)
                passing -= stop
            }
        }
        run(0, from: 0, probability: 1)
        let found = try MonotonicNormalizer.monotonic.align(scores: energy, memory())
        expectClose(found.weights, try Tensor(expected.map { Float($0) }, shape: [1, 1, 3, 4]), tolerance: 1e-6)
    }

    /// All paths that stay or advance by one.
    @Test func forwardIsTheSumOverAllPaths() throws {
        let energy = energies(2)
        var expected = [Double](repeating: 0, count: 12)
        func walk(_ step: Int, at place: Int, weight: Double) {
            guard step < 3 else { return }
            for next in [place, place + 1] where next < 4 {
                let weight = weight * exp(Double(energy[0, 0, step, next]))
                expected[step * 4 + next] += weight
                walk(step + 1, at: next, weight: weight)
            }
        }
        walk(0, at: 0, weight: 1)
        for step in 0..<3 {
            let sum = expected[step * 4..<step * 4 + 4].reduce(0, +)
            for key in 0..<4 { expected[step * 4 + key] /= sum }
        }
        let found = try ForwardNormalizer.forward.align(scores: energy, memory())
        expectClose(found.weights, try Tensor(expected.map { Float($0) }, shape: [1, 1, 3, 4]), tolerance: 1e-6)
    }

    @Test func hardTakesTheFirstFromTheLastChoiceOn() throws {
        let energy = try Tensor([-1, 1, 1, -1, 1, -1, -1, -1, 2, -1, -1, 3], shape: [1, 1, 3, 4])
        let found = try HardMonotonicNormalizer.hardMonotonic.align(scores: energy, memory())
        #expect(found.weights.values == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    }

    @Test func chunksOfOneAreTheMonotonicAlignment() throws {
        let monotonic = try MonotonicNormalizer.monotonic.align(scores: energies(3), memory()).weights
        let narrow = try chunkwiseWeights(monotonic: monotonic, chunkEnergy: energies(4), width: 1)
        expectClose(narrow, monotonic, tolerance: 1e-6)
        let wide = try chunkwiseWeights(monotonic: monotonic, chunkEnergy: energies(4), width: 4)
        let unlimited = try chunkwiseWeights(monotonic: monotonic, chunkEnergy: energies(4), width: nil)
        #expect(wide.values == unlimited.values)
        #expect(abs(wide.sum().scalar - monotonic.sum().scalar) < 1e-5, "chunks only spread what there is")
    }

    @Test func refusals() throws {
        #expect(throws: ShapeError.self) {
            try chunkwiseWeights(monotonic: energies(1), chunkEnergy: energies(1), width: 0)
        }
        #expect(throws: ShapeError.self) {
            try chunkwiseWeights(monotonic: energies(1), chunkEnergy: .zeros([1, 1, 3, 5]), width: 2)
        }
        #expect {
            try MonotonicNormalizer.monotonic.align(scores: .zeros([1, 1, 3, 5]), memory())
        } throws: {
            "\($0)" == "align: expected scores [1, 1, Q, 4], found [1, 1, 3, 5]"
        }
    }
}
