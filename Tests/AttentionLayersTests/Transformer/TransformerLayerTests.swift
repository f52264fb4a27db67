import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct TransformerLayerTests {
    private static func attention(_ scope: some Scope, _ seed: UInt64) -> MultiHeadAttention {
        MultiHeadAttention(8, headCount: 2, mechanism: AttentionMechanism(scope: scope), key: RandomKey(seed: seed))
    }

    private static func encoder(_ order: NormOrder) -> TransformerEncoderLayer {
        TransformerEncoderLayer(
            selfAttention: attention(.global, 1), selfAttentionResidual: Residual(8, order: order, dropout: 0),
            feedForward: FeedForward(8, 12, activation: .gelu, key: RandomKey(seed: 2)),
            feedForwardResidual: Residual(8, order: order, dropout: 0))
    }

    private static func decoder(_ order: NormOrder) -> TransformerDecoderLayer {
        TransformerDecoderLayer(
            selfAttention: attention(.causal, 3), selfAttentionResidual: Residual(8, order: order, dropout: 0),
            crossAttention: attention(.global, 4), crossAttentionResidual: Residual(8, order: order, dropout: 0),
            feedForward: FeedForward(8, 12, key: RandomKey(seed: 5)),
            feedForwardResidual: Residual(8, order: order, dropout: 0))
    }

    @Test(arguments: NormOrder.allCases)
    func paddingChangesNothing(_ order: NormOrder) throws {
        let (layer, x) = (Self.encoder(order), random([2, 5, 8], 6))
        let padded = try layer(x, present: .first([5, 3])).sliced(axis: 0, 1..<2).sliced(axis: 1, 0..<3)
        expectClose(padded, try layer(x.sliced(axis: 0, 1..<2).sliced(axis: 1, 0..<3)))
    }

    @Test(arguments: NormOrder.allCases)
    func steppingIsTheFullPass(_ order: NormOrder) throws {
        let (layer, x) = (Self.decoder(order), random([2, 4, 8], 7))
        let source = try layer.crossAttention.remember(random([2, 6, 8], 8), lengths: [6, 2])
        let full = try layer(x, source: source, wanting: .source)
        expectClose(try layer(x, source: source).output, full.output)
        let weights = try #require(full.sourceWeights)
        var past = KeyValueCache(rowCount: 2)
        for position in 0..<4 {
            let token = position..<position + 1
            let step = try layer.step(x.sliced(axis: 1, token), past: &past, source: source, wanting: .source)
            expectClose(step.output, try full.output.sliced(axis: 1, token))
            expectClose(try #require(step.sourceWeights), try weights.sliced(axis: 2, token))
        }
    }

    @Test(arguments: NormOrder.allCases)
    func gradients(_ order: NormOrder) throws {
        let (encoder, decoder) = (Self.encoder(order), Self.decoder(order))
        try checkGradients(of: [random([1, 3, 8], 9), random([1, 4, 8], 10)]) { inputs in
            let source = try decoder.crossAttention.remember(encoder(inputs[1]))
            return try decoder(inputs[0], source: source).output
        }
    }

    @Test(arguments: NormOrder.allCases, [RandomKey(seed: 3), nil])
    func aMapThatEndsABranchWritesTheSum(_ order: NormOrder, training key: RandomKey?) throws {
        let last = Linear(8, 8, key: RandomKey(seed: 1))
        let residual = Residual(8, order: order, dropout: 0.5)
        let x = random([2, 3, 8], 2)
        expectClose(
            try residual(x, training: key, through: last) { $0 * 2 },
            try residual(x, training: key) { x throws(ShapeError) in try last(x * 2) })
    }

    @Test func aBranchOfAnotherShapeIsRefused() {
        #expect {
            try Residual(8, order: .pre, dropout: 0)(.zeros([1, 2, 8]), training: nil) { x throws(ShapeError) in
                try x.sliced(axis: 1, 0..<1)
            }
        } throws: {
            "\($0)" == "Residual: expected a branch [1, 2, 8], found [1, 1, 8]"
        }
    }
}
