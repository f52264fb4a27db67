import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

/// The tensor with this number in all of one row of [B, H, L, D], in every item and head.
private func spoilt(_ x: Tensor, row: Int, _ number: Float) throws -> Tensor {
    let (length, size) = (x.shape[2], x.shape[3])
    return try Tensor(
        x.values.enumerated().map { $0.offset / size % length == row ? number : $0.element }, shape: x.shape)
}

/// What a query may not see does not reach it: neither forwards nor backwards, whatever it is.
@Suite struct InvisibleTests {
    private struct Trial {
        let name: String
        let mechanism: AttentionMechanism
        let lengths: [Int]?
        /// How many of the five queries do not see the last key.
        let blindCount: Int
    }

    private let trials = [
        Trial(name: "causal", mechanism: AttentionMechanism(scope: .causal), lengths: nil, blindCount: 4),
        Trial(name: "padding", mechanism: AttentionMechanism(), lengths: [4, 3], blindCount: 5),
        Trial(
            name: "additive padding",
            mechanism: AttentionMechanism(
                score: .additive(querySize: 4, keySize: 4, hiddenSize: 3, key: RandomKey(seed: 3))),
            lengths: [4, 3], blindCount: 5),
        Trial(
            name: "sparsemax", mechanism: AttentionMechanism(scope: .causal, normalizer: .sparsemax), lengths: nil,
            blindCount: 4),
        Trial(
            name: "mask",
            mechanism: AttentionMechanism(
                scope: .mask(Mask(shape: [1, 5], bytes: [1, 1, 1, 1, 0])), normalizer: .softmaxOne),
            lengths: nil, blindCount: 5),
    ]

    @Test(arguments: [Float.nan, .infinity, -.infinity, 1e30]) func doesNotLeak(number: Float) throws {
        let clean = [random([2, 2, 5, 4], 1), random([2, 2, 5, 4], 2), random([2, 2, 5, 3], 3)]
        let dirty = [clean[0], try spoilt(clean[1], row: 4, number), try spoilt(clean[2], row: 4, number)]
        for trial in trials {
            for fused in [true, false] {
                func run(_ inputs: [Tensor]) throws -> (context: Tensor, gradients: [Tensor]) {
                    let leaves = inputs.map { $0.tracked() }
                    let mechanism = trial.mechanism
                    let memory = try mechanism.remember(keys: leaves[1], values: leaves[2], lengths: trial.lengths)
                    let context =
                        fused
                        ? try mechanism.attend(leaves[0], memory) : try mechanism.align(leaves[0], memory).context
                    let gradients = try context.sum().gradients()
                    return (
                        try context.detached().sliced(axis: 2, 0..<trial.blindCount),
                        leaves.map { gradients[$0] ?? .zeros($0.shape) }
                    )
                }
                expectClose(try run(dirty).context, try run(clean).context)
                // A query that does see it takes it back to all it sees; without such a query, nothing is changed.
                let blind = try clean[0].sliced(axis: 2, 0..<trial.blindCount)
                let (expected, found) = (try run([blind] + clean.dropFirst()), try run([blind] + dirty.dropFirst()))
                expectClose(found.context, expected.context)
                for (mine, theirs) in zip(found.gradients, expected.gradients) {
                    #expect(mine.isFinite, "\(trial.name)")
                    expectClose(mine, theirs)
                }
            }
        }
    }
}
