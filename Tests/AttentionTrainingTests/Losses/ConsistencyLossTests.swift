import AttentionTensors
import AttentionTesting
import AttentionTraining
import Foundation
import Testing

@Suite struct ConsistencyLossTests {
    private static let logits = Tensor.uniform([3, 5], in: -2...2, key: RandomKey(seed: 1))
    private static let others = Tensor.uniform([3, 5], in: -2...2, key: RandomKey(seed: 2))

    /// Both divergences, each by its definition in double precision.
    @Test func isTheMeanOfBothDivergences() throws {
        func shares(_ logits: Tensor, _ row: Int) -> [Double] {
            let powers = (0..<5).map { exp(Double(logits[row, $0])) }
            return powers.map { $0 / powers.reduce(0, +) }
        }
        func divergence(_ p: [Double], _ q: [Double]) -> Double { zip(p, q).reduce(0) { $0 + $1.0 * log($1.0 / $1.1) } }
        let found = try consistencyLoss(Self.logits, Self.others)
        for row in 0..<3 {
            let (p, q) = (shares(Self.logits, row), shares(Self.others, row))
            #expect(abs(Double(found[row]) - (divergence(p, q) + divergence(q, p)) / 2) < 1e-6)
        }
    }

    @Test func derivative() throws {
        try checkGradients(of: [Self.logits, Self.others], samples: 15) { try consistencyLoss($0[0], $0[1]) }
    }

    /// Two that say the same are not apart, whatever is added to all logits of one.
    @Test func theSameIsNotApart() throws {
        #expect(try consistencyLoss(Self.logits, Self.logits).values == [0, 0, 0])
        for value in try consistencyLoss(Self.logits, Self.logits + 3).values { #expect(abs(value) < 1e-5) }
    }

    @Test func refusals() throws {
        #expect(throws: ShapeError("consistencyLoss", expected: "two times logits [N, C]", found: "[3, 5] and [3]")) {
            try consistencyLoss(Self.logits, .zeros([3]))
        }
    }
}
