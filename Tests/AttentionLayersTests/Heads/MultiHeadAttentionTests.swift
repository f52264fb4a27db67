import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct MultiHeadAttentionTests {
    /// Four heads of queries on two of keys and values, with rotary positions: the layer of Llama.
    private static func grouped(_ scope: some Scope = .causal) throws -> MultiHeadAttention {
        try MultiHeadAttention(
            query: Linear(6, 16, key: RandomKey(seed: 1)), key: Linear(6, 8, key: RandomKey(seed: 2)),
            value: Linear(5, 8, key: RandomKey(seed: 3)), output: Linear(16, 6, key: RandomKey(seed: 4)),
            mechanism: AttentionMechanism(modifiers: [.rope(rotarySize: 4)], scope: scope), headCount: 4,
            keyHeadCount: 2)
    }

    private let x = random([2, 5, 6], 5)
    private let y = random([2, 5, 5], 6)

    @Test func steppingIsTheFullPass() throws {
        let layer = try Self.grouped()
        let full = try layer.align(x, layer.remember(keys: x, values: y))
        var cache = KeyValueCache(rowCount: 2)
        for position in 0..<5 {
            let (new, value) = (
                try x.sliced(axis: 1, position..<position + 1), try y.sliced(axis: 1, position..<position + 1)
            )
            try layer.remember(keys: new, values: value, in: &cache)
            let output = try layer.attend(new, Memory(cache), positions: .from(position))
            expectClose(output, try full.output.sliced(axis: 1, position..<position + 1))
        }
    }

    @Test func groupedHeadsAreHeadsWithRepeatedKeys() throws {
        let layer = try Self.grouped()
        func repeated(_ map: Linear) throws -> Linear {
            func twice(_ x: Tensor, _ rest: [Int]) throws -> Tensor {
                try stacked(
                    Array(repeating: x.reshaped(to: [2, 4] + rest), count: 2), axis: 1
                ).reshaped(to: [16] + rest)
            }
            return Linear(
                weight: try twice(map.weight.tensor, [map.weight.shape[1]]),
                bias: try map.bias.map { try twice($0.tensor, []) })
        }
        let all = try MultiHeadAttention(
            query: layer.query, key: repeated(layer.key), value: repeated(layer.value), output: layer.output,
            mechanism: layer.mechanism, headCount: 4, keyHeadCount: 4)
        let (few, many) = (
            try layer.align(x, layer.remember(keys: x, values: y)), try all.align(x, all.remember(keys: x, values: y))
        )
        expectClose(few.output, many.output)
        expectClose(few.weights, many.weights)
    }

    @Test func paddingChangesNothingAndEmptyItemsGiveTheBias() throws {
        let layer = try Self.grouped(.global)
        let padded = try layer.attend(x, layer.remember(keys: x, values: y, lengths: [0, 3]))
        let alone = try x.sliced(axis: 0, 1..<2)
        let memory = try layer.remember(
            keys: alone.sliced(axis: 1, 0..<3), values: y.sliced(axis: 0, 1..<2).sliced(axis: 1, 0..<3))
        expectClose(try padded.sliced(axis: 0, 1..<2), try layer.attend(alone, memory))
        let bias = try #require(layer.output.bias).tensor
        expectClose(try padded.at(0), try bias.expanded(to: [5, 6]))
    }

    @Test func gradients() throws {
        let layer = try Self.grouped()
        let parameters = layer.parameters()
        try checkGradients(of: [x, y] + parameters.map(\.parameter.tensor), samples: 6) { inputs in
            let byName = Dictionary(uniqueKeysWithValues: zip(parameters.map(\.name), inputs.dropFirst(2)))
            let layer = layer.mapTensors { byName[$0] ?? $1 }
            return try layer.attend(inputs[0], layer.remember(keys: inputs[0], values: inputs[1]))
        }
    }

    @Test func refusalsNameTheSizes() {
        let map = Linear(6, 9, key: RandomKey(seed: 1))
        #expect {
            try MultiHeadAttention(
                query: map, key: map, value: map, output: map, mechanism: AttentionMechanism(), headCount: 2,
                keyHeadCount: 2)
        } throws: {
            "\($0)" == "MultiHeadAttention: expected a weight [n · 2, I] for 2 heads, found [9, 6]"
        }
        #expect {
            try MultiHeadAttention(
                query: map, key: map, value: map, output: map, mechanism: AttentionMechanism(), headCount: 3,
                keyHeadCount: 2)
        } throws: {
            "\($0)"
                == "MultiHeadAttention: expected heads that are a multiple of the heads of keys and values, found 3 and 2"
        }
    }
}
