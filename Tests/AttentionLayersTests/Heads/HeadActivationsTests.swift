import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

/// What the heads of a layer work with, written down while they are computed.
@Suite struct HeadActivationsTests {
    private let layer = MultiHeadAttention(12, headCount: 3, mechanism: AttentionMechanism(), key: RandomKey(seed: 1))
    private let x = Tensor.uniform([2, 5, 12], in: -1...1, key: RandomKey(seed: 2))
    private let place = Ablation.Place("cross", layer: 4)

    private func placed() -> MultiHeadAttention {
        var copy = layer
        copy.place(.cross, at: 4)
        return copy
    }

    @Test func recordingChangesNothing() throws {
        let memory = try layer.remember(x, lengths: [5, 3])
        let (context, heads) = try recordingHeads { try placed().context(x, memory) }
        #expect(context.values == (try layer.context(x, memory).values))
        #expect(Set(heads.keys) == [place])
        #expect(try recordingHeads { try layer.context(x, memory) }.heads.isEmpty)
        #expect(try placed().context(x, memory).values == context.values)
    }

    /// softmax of what queries and keys give, times the values, is what was read.
    @Test func headsAreWhatTheyWorkWith() throws {
        let memory = try layer.remember(x)
        let ((context, weights), heads) = try recordingHeads { try placed().observe(x, memory, heads: nil) }
        let own = try #require(heads[place])
        #expect(own.output.values == layer.output.weight.tensor.values)
        let scale = try #require(own.scale)
        let scores = try matmul(own.query, own.keys.permuted([0, 1, 3, 2])) * scale
        expectClose(try scores.softmax(), weights)
        expectClose(try matmul(weights, own.values).mergingHeads(), context)
    }

    /// The gradient of ½ Σ c² with respect to what was read, c, is c.
    @Test func gradientsOfWhatWasRead() throws {
        let memory = try layer.remember(x)
        let (context, heads) = try recordingHeads { try placed().alignedContext(x, memory).context }
        let own = try #require(heads[place])
        let gradient = try #require(try (context * context * 0.5).sum().gradients()[own.reading])
        expectClose(try gradient.mergingHeads(), context.detached())
    }
}
