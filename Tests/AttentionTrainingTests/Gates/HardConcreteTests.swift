import AttentionTensors
import AttentionTesting
import AttentionTraining
import Foundation
import Testing

@Suite struct HardConcreteTests {
    private static let gate = HardConcrete()

    private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    /// How often gates are exactly 0 and exactly 1: P(s < −γ / (ζ − γ)) and P(s > (1 − γ) / (ζ − γ)) of a binary concrete s, whose logit is logistic.
    @Test(arguments: [-1.5, 0, 0.75]) func zerosAndOnesAreAsOftenAsTheyShouldBe(_ logAlpha: Double) {
        let count = 40_000
        let drawn = Self.gate.drawn(.full(Float(logAlpha), [count]), key: RandomKey(seed: 3)).values
        let (zeros, ones) = (drawn.count { $0 == 0 }, drawn.count { $0 == 1 })
        #expect(drawn.allSatisfy { $0 >= 0 && $0 <= 1 })
        // Four standard errors of a share of 40 000 are at most 0.01.
        let expectedZeros = Self.sigmoid(2.0 / 3 * log(0.1 / 1.1) - logAlpha)
        let expectedOnes = Self.sigmoid(logAlpha - 2.0 / 3 * log(1.1 / 0.1))
        #expect(abs(Double(zeros) / Double(count) - expectedZeros) < 0.01)
        #expect(abs(Double(ones) / Double(count) - expectedOnes) < 0.01)
        let open = Self.gate.openProbability(.full(Float(logAlpha), [1])).values[0]
        #expect(abs(Double(open) - (1 - expectedZeros)) < 1e-5)
    }

    /// dz/d ln α = (ζ − γ) s (1 − s) / β where a gate is neither open nor closed, and 0 where it is.
    @Test func slopesOfDrawnGates() throws {
        let logAlpha = Tensor.uniform([200], in: -2...2, key: RandomKey(seed: 1)).tracked()
        let drawn = Self.gate.drawn(logAlpha, key: RandomKey(seed: 2))
        let slopes = try #require(try drawn.sum().gradients()[logAlpha]).values
        var counts = (between: 0, atTheEnds: 0)
        for (value, slope) in zip(drawn.values, slopes) {
            guard value > 0, value < 1 else {
                counts.atTheEnds += 1
                #expect(slope == 0)
                continue
            }
            counts.between += 1
            let share = (Double(value) + 0.1) / 1.2
            #expect(abs(Double(slope) - 1.2 * share * (1 - share) * 1.5) < 1e-4)
        }
        #expect(counts.between > 40 && counts.atTheEnds > 40)
    }

    @Test func slopesOfThePenalty() throws {
        try checkGradients(of: [Tensor.uniform([7], in: -3...3, key: RandomKey(seed: 4))]) {
            Self.gate.openProbability($0[0])
        }
    }

    @Test func settledGates() throws {
        let settled = Self.gate.settled(try Tensor([-3, -1, 0, 1, 3], shape: [5])).values
        #expect(settled[0] == 0 && settled[4] == 1)
        for (value, logAlpha) in [(settled[1], -1.0), (settled[2], 0), (settled[3], 1)] {
            #expect(abs(Double(value) - (Self.sigmoid(logAlpha) * 1.2 - 0.1)) < 1e-6)
        }
    }

    /// The same key draws the same gates.
    @Test func keysDecide() {
        let logAlpha = Tensor.zeros([9])
        let drawn = [1, 1, 2].map { Self.gate.drawn(logAlpha, key: RandomKey(seed: $0)).values }
        #expect(drawn[0] == drawn[1] && drawn[0] != drawn[2])
    }
}
