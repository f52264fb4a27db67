import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

/// An adapter begins as nothing, and in the end it is a part of the weight.
@Suite struct AdapterTests {
    private func map(dropout: Float = 0) throws -> Linear {
        var map = Linear(weight: random([5, 4], 1), bias: random([5], 2))
        map.adapter = try LowRankAdapter(
            down: random([2, 4], 3), up: random([5, 2], 4), scale: 1.5, dropout: dropout)
        return map
    }

    @Test func aNewAdapterChangesNothing() throws {
        let plain = Linear(weight: random([5, 4], 1), bias: random([5], 2))
        var adapted = plain
        adapted.adapter = LowRankAdapter(of: [5, 4], rank: 2, alpha: 8, key: RandomKey(seed: 5))
        let x = random([3, 4], 6)
        #expect(try adapted(x).values == (try plain(x)).values)
        // The activation is a pass of its own then.
        expectClose(try adapted(x, activation: .gelu), try plain(x, activation: .gelu))
        let down = try #require(adapted.adapter).down.tensor
        #expect(down.values.allSatisfy { abs($0) <= 0.5 } && Set(down.values).count == 8)
        #expect(adapted.adapter?.scale == 4)
    }

    @Test func theAdapterIsAPartOfTheWeight() throws {
        let map = try map()
        let adapter = try #require(map.adapter)
        let merged = Linear(weight: map.weight.tensor + (try adapter.product), bias: map.bias?.tensor)
        let (x, residual) = (random([2, 3, 4], 7), random([2, 3, 5], 8))
        for activation in Activation.allCases {
            expectClose(
                try map(x, activation: activation, residual: residual),
                try merged(x, activation: activation, residual: residual))
        }
        let dropout = Dropout(0.5, key: RandomKey(seed: 9))
        expectClose(
            try map(x, activation: .relu, dropout: dropout, residual: residual),
            try merged(x, activation: .relu, dropout: dropout, residual: residual))
    }

    @Test func gradients() throws {
        let inputs = [random([3, 4], 10), random([2, 4], 11), random([5, 2], 12)]
        try checkGradients(of: inputs) { inputs in
            var map = Linear(weight: random([5, 4], 1), bias: random([5], 2))
            map.adapter = try LowRankAdapter(down: inputs[1], up: inputs[2], scale: 1.5)
            return try map(inputs[0], activation: .tanh)
        }
    }

    /// What is dropped is what the adapter reads, and what the weight reads is not.
    @Test func dropoutIsTheAdaptersOwn() throws {
        let (map, x) = (try map(dropout: 0.5), random([1, 4], 13))
        let key = RandomKey(seed: 14)
        let adapter = try #require(map.adapter)
        let plain = Linear(weight: map.weight.tensor, bias: map.bias?.tensor)
        expectClose(try map(x, training: key), try plain(x) + adapter(x.dropout(0.5, key: key)))
        #expect(try map(x, training: key).values != (try map(x)).values)
    }

    @Test func namesAndShapes() throws {
        #expect(
            try map().parameters().map(\.name) == ["weight", "bias", "adapter.down", "adapter.up"])
        #expect(throws: ShapeError.self) {
            try LowRankAdapter(down: random([2, 4], 1), up: random([5, 3], 2), scale: 1)
        }
    }
}
