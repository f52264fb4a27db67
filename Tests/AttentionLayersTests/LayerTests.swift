import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct LayerTests {
    @Test func sinusoidalPositionsAreTheFormula() throws {
        let table = try SinusoidalPositions()(.zeros([1, 3, 5]), positions: .from(7)).squeezed(axis: 0)
        #expect(abs(table[0, 0] - 0.656_986_6) < 1e-6)  // sin 7
        #expect(abs(table[0, 1] - 0.753_902_3) < 1e-6)  // cos 7
        #expect(abs(table[2, 2] - 0.2241490) < 1e-6)  // sin(9 · 10000^(−2/5))
        #expect(table.shape == [3, 5])
    }

    @Test func multiHeadAttentionMergesHeadsInOrder() throws {
        let attention = MultiHeadAttention(8, headCount: 2, mechanism: AttentionMechanism(), key: RandomKey(seed: 1))
        let x = random([2, 3, 8], 2)
        let memory = try attention.remember(x, lengths: [3, 2])
        let aligned = try attention.align(x, memory)
        expectClose(try attention.attend(x, memory), aligned.output)
        #expect(aligned.weights.shape == [2, 2, 3, 3])
        try checkGradients(of: [x]) { try attention.attend($0[0], attention.remember($0[0], lengths: [3, 2])) }
    }

    @Test func bidirectionalAnnotationsIgnorePadding() throws {
        for kind in RecurrentCellKind.allCases {
            let layer = BidirectionalRecurrence(kind, 4, 3, key: RandomKey(seed: 1))
            let x = random([2, 5, 4], 2)
            let padded = try layer(x, lengths: [5, 2])
            let alone = try layer(try x.sliced(axis: 0, 1..<2).sliced(axis: 1, 0..<2), lengths: [2])
            expectClose(try padded.annotations.at(1).sliced(axis: 0, 0..<2), try alone.annotations.at(0))
            expectClose(try padded.forward.hidden.at(1), try alone.forward.hidden.at(0))
            expectClose(try padded.backward.hidden.at(1), try alone.backward.hidden.at(0))
            #expect(try padded.annotations.at(1).sliced(axis: 0, 2..<5).values.allSatisfy { $0 == 0 })
            // Where no cell of an SSRU is near 0, the corner of its max(c, 0).
            let smooth = random([2, 5, 4], 4)
            try checkGradients(of: [smooth]) { try layer($0[0], lengths: [5, 2]).annotations }
        }
    }

    @Test func namesInCheckpoints() {
        let layer = MultiHeadAttention(4, headCount: 1, mechanism: AttentionMechanism(), key: RandomKey(seed: 1))
        #expect(layer.parameters().map(\.name).prefix(3) == ["query.weight", "query.bias", "key.weight"])
        #expect(layer.parameterCount == 4 * (16 + 4))
    }
}
