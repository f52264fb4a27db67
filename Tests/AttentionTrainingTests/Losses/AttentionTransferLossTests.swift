import AttentionTensors
import AttentionTesting
import AttentionTraining
import Testing

@Suite struct AttentionTransferLossTests {
    private static let scores = Tensor.uniform([2, 2, 3, 4], in: -2...2, key: RandomKey(seed: 1))
    private static let teacher = Tensor.uniform([2, 2, 3, 4], in: -2...2, key: RandomKey(seed: 2))
    /// Of the second text only two queries and three keys.
    private static var visible: Mask {
        get throws {
            try Mask(
                (0..<2).flatMap { row in (0..<3).flatMap { q in (0..<4).map { row == 0 || (q < 2 && $0 < 3) } } },
                shape: [2, 1, 3, 4])
        }
    }

    /// Pair by pair in double precision.
    @Test func isTheMeanOverVisiblePairs() throws {
        let visible = try Self.visible
        var (sum, count) = (0.0, 0)
        for row in 0..<2 {
            for head in 0..<2 {
                for query in 0..<3 {
                    for key in 0..<4 where visible[row, 0, query, key] {
                        let apart = Double(Self.scores[row, head, query, key] - Self.teacher[row, head, query, key])
                        sum += apart * apart
                        count += 1
                    }
                }
            }
        }
        #expect(count == 36)
        let found = try attentionTransferLoss(Self.scores, teacher: Self.teacher, visible: visible).scalar
        #expect(abs(Double(found) - sum / 36) < 1e-5)
        let all = try attentionTransferLoss(Self.scores, teacher: Self.teacher).scalar
        let apart = zip(Self.scores.values, Self.teacher.values).map { Double($0 - $1) }
        #expect(abs(Double(all) - apart.reduce(0) { $0 + $1 * $1 } / 48) < 1e-5)
    }

    @Test func derivative() throws {
        let visible = try Self.visible
        try checkGradients(of: [Self.scores]) { try attentionTransferLoss($0[0], teacher: Self.teacher) }
        try checkGradients(of: [Self.scores], samples: 48) {
            try attentionTransferLoss($0[0], teacher: Self.teacher, visible: visible)
        }
    }

    @Test func nothingIsAskedOfWhatIsNotSeenOrTheSame() throws {
        let none = try Mask([Bool](repeating: false, count: 12), shape: [1, 1, 3, 4])
        #expect(try attentionTransferLoss(Self.scores, teacher: Self.teacher, visible: none).scalar == 0)
        #expect(try attentionTransferLoss(Self.scores, teacher: Self.scores).scalar == 0)
    }

    @Test func refusals() throws {
        #expect(
            throws: ShapeError(
                "attentionTransferLoss", expected: "two times scores [B, H, Q, K]",
                found: "[2, 2, 3, 4] and [2, 1, 3, 4]")
        ) { try attentionTransferLoss(Self.scores, teacher: .zeros([2, 1, 3, 4])) }
    }
}
