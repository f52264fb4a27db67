import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

/// Heads that are left out of one layer.
@Suite struct AblationTests {
    private let layer = MultiHeadAttention(12, headCount: 3, mechanism: AttentionMechanism(), key: RandomKey(seed: 1))
    private let x = Tensor.uniform([2, 5, 12], in: -1...1, key: RandomKey(seed: 2))

    @Test func leavingNothingOutChangesNoBit() throws {
        var same = layer
        same.silenced = []
        let memory = try layer.remember(x, lengths: [5, 3])
        #expect(try same.attend(x, memory).values == layer.attend(x, memory).values)
        #expect(try withAblation(.none) { try layer.attend(x, memory).values } == layer.attend(x, memory).values)
    }

    @Test func aHeadLeftOutIsZeroInItsColumns() throws {
        var without = layer
        without.silenced = [1]
        let memory = try layer.remember(x, lengths: [5, 3])
        let mask = try Tensor((0..<12).map { 4..<8 ~= $0 ? 0 : 1 }, shape: [12])
        let expected = try layer.output(try layer.context(x, memory) * mask)
        #expect(try without.attend(x, memory).values == expected.values)
        #expect(
            try without.align(x, memory).output.values
                == layer.output(layer.alignedContext(x, memory).context * mask).values)
        // Where it looks is still told.
        let (context, weights) = try without.observe(x, memory, heads: [1])
        #expect(weights.values == (try layer.observe(x, memory, heads: [1]).weights.values))
        expectClose(context, try layer.context(x, memory) * mask)
        without.silenced = [0, 1, 2]
        #expect(try without.context(x, memory).values.allSatisfy { $0 == 0 })
    }

    /// What a head leaves behind is 0 even where the head itself computes no numbers.
    @Test func aHeadWithoutNumbersIsLeftOut() throws {
        var broken = layer
        broken.value.weight = Parameter(
            try concatenated([Tensor.full(.nan, [4, 12]), Tensor.ones([8, 12])], axis: 0))
        let memory = try broken.remember(x)
        #expect(try broken.attend(x, memory).values.allSatisfy(\.isNaN))
        broken.silenced = [0]
        #expect(try broken.attend(x, memory).values.allSatisfy(\.isFinite))
    }

    @Test func gradientsDoNotReachWhatIsLeftOut() throws {
        var without = layer.tracked()
        without.silenced = [2]
        let gradients = try without.attend(x, try without.remember(x)).sum().gradients()
        let value = try #require(gradients[without.value.weight.tensor])
        #expect(value.values[..<(8 * 12)].contains { $0 != 0 } && value.values[(8 * 12)...].allSatisfy { $0 == 0 })
    }

    @Test func ablationsAreSets() {
        let one = Ablation([1], of: .encoder, at: 0)
        let both = one.union(Ablation([2], of: .encoder, at: 0)).union(Ablation([0], of: .cross, at: 3))
        #expect(
            both.count == 3 && both.heads(of: .encoder, at: 0) == [1, 2] && both.heads(of: .decoder, at: 3).isEmpty)
        #expect(Ablation([], of: .encoder, at: 0) == .none && Ablation.current.isEmpty)
        #expect(withAblation(both) { Ablation.current } == both)
    }
}
