import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct MultiHeadLatentAttentionTests {
    private static func layer(heads: Int = 3) throws -> MultiHeadLatentAttention {
        try MultiHeadLatentAttention(
            queryDown: Linear(7, 5, hasBias: false, key: RandomKey(seed: 1)), queryNorm: RMSNorm(gain: random([5], 2)),
            queryUp: Linear(5, 3 * (2 + 4), hasBias: false, key: RandomKey(seed: 3)),
            keyValueDown: Linear(7, 6 + 4, hasBias: false, key: RandomKey(seed: 4)),
            keyValueNorm: RMSNorm(gain: random([6], 5)), keyValueUp: random([3 * (2 + 3), 6], 6),
            output: Linear(3 * 3, 7, hasBias: false, key: RandomKey(seed: 7)), headCount: heads,
            sizes: .init(content: 2, position: 4, value: 3))
    }

    private let x = random([2, 5, 7], 8)

    @Test func theFoldedWayIsTheUnfoldedOne() throws {
        let layer = try Self.layer()
        let memory = try layer.remember(x)
        expectClose(try layer.attend(x, memory), try layer.align(x, memory).output)
    }

    @Test func steppingOnTheLatentCacheIsTheFullPass() throws {
        let layer = try Self.layer()
        let full = try layer.align(x, layer.remember(x)).output
        var memory: LatentMemory?
        for position in 0..<5 {
            let new = try x.sliced(axis: 1, position..<position + 1)
            let step = try layer.remember(new, positions: .from(position))
            let present = try memory?.appending(step) ?? step
            memory = present
            #expect(present.count == position + 1)
            let expected = try full.sliced(axis: 1, position..<position + 1)
            expectClose(try layer.attend(new, present, positions: .from(position)), expected)
            expectClose(try layer.align(new, present, positions: .from(position)).output, expected)
        }
    }

    @Test func gradients() throws {
        let layer = try Self.layer()
        let parameters = layer.parameters()
        try checkGradients(of: [x] + parameters.map(\.parameter.tensor), samples: 6) { inputs in
            let byName = Dictionary(uniqueKeysWithValues: zip(parameters.map(\.name), inputs.dropFirst()))
            let layer = layer.mapTensors { byName[$0] ?? $1 }
            return try layer.attend(inputs[0], layer.remember(inputs[0]))
        }
    }

    @Test func namesInCheckpoints() throws {
        #expect(
            try Self.layer().parameters().map(\.name) == [
                "q_a_proj.weight", "q_a_layernorm.weight", "q_b_proj.weight", "kv_a_proj_with_mqa.weight",
                "kv_a_layernorm.weight", "kv_b_proj.weight", "o_proj.weight",
            ])
    }

    @Test func refusalsNameTheShapes() {
        #expect {
            try Self.layer(heads: 2)
        } throws: {
            "\($0)"
                == "MultiHeadLatentAttention: expected projections [12, Rq] and [10, 6], found [18, 5] and [15, 6]"
        }
        #expect(throws: ShapeError.self) { try Self.layer(heads: .max) }
        #expect(throws: ShapeError.self) { try Self.layer(heads: 0) }
    }
}
