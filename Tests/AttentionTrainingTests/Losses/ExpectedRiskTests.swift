import AttentionTensors
import AttentionTesting
import AttentionTraining
import Foundation
import Testing

@Suite struct ExpectedRiskTests {
    private static let scores = Tensor.uniform([3, 4], in: -40 ... -5, key: RandomKey(seed: 1))
    private static let risks = Tensor.uniform([3, 4], in: 0...1, key: RandomKey(seed: 2))

    /// The formula, written out in double precision.
    @Test(arguments: [0.005, 0.1, 1]) func isTheFormula(_ sharpness: Double) throws {
        let found = try expectedRisk(Self.scores, risks: Self.risks, sharpness: Float(sharpness))
        for row in 0..<3 {
            let weights = (0..<4).map { exp(sharpness * Double(Self.scores[row, $0])) }
            let expected = (0..<4).reduce(0.0) { $0 + weights[$1] * Double(Self.risks[row, $1]) } / weights.reduce(0, +)
            #expect(abs(Double(found[row]) - expected) < 1e-6)
        }
    }

    @Test func derivative() throws {
        try checkGradients(of: [Self.scores], samples: 12) {
            try expectedRisk($0[0], risks: Self.risks, sharpness: 0.2)
        }
    }

    /// What is no candidate has no influence, and a source without any has no risk.
    @Test func onlyCandidatesCount() throws {
        let visible = try Mask(
            [true, true, false, false, true, true, true, true, false, false, false, false], shape: [3, 4])
        let found = try expectedRisk(Self.scores, risks: Self.risks, sharpness: 0.1, visible: visible)
        let alone = try expectedRisk(
            Self.scores.sliced(axis: 1, 0..<2), risks: Self.risks.sliced(axis: 1, 0..<2), sharpness: 0.1)
        #expect(abs(found[0] - alone[0]) < 1e-6)
        #expect(found[1] == (try expectedRisk(Self.scores, risks: Self.risks, sharpness: 0.1))[1])
        #expect(found[2] == 0)
    }

    @Test func refusals() throws {
        #expect(
            throws: ShapeError(
                "expectedRisk", expected: "log-probabilities [B, S] and as many risks", found: "[3, 4] and [3]")
        ) { try expectedRisk(Self.scores, risks: .zeros([3])) }
    }
}
