import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

@Suite struct RotaryTests {
    private static let layouts: [RotaryModifier.Layout] = [.interleaved, .half]

    @Test(arguments: layouts) func rotationsKeepLengths(_ layout: RotaryModifier.Layout) throws {
        let x = Tensor.uniform([2, 3, 50, 8], in: -1...1, key: RandomKey(seed: 1))
        let turned = try RotaryModifier.rope(rotarySize: 6, layout: layout).transform(query: x, positions: .from(1000))
        expectClose(try (turned * turned).sum(axis: -1), try (x * x).sum(axis: -1))
        #expect(try turned.sliced(axis: 3, 6..<8).values == x.sliced(axis: 3, 6..<8).values)
        #expect(turned.values != x.values)
    }

    @Test(arguments: layouts) func onlyDistancesMatter(_ layout: RotaryModifier.Layout) throws {
        let rope = try RotaryModifier.rope(rotarySize: 8, layout: layout)
        let query = Tensor.uniform([1, 1, 1, 8], in: -1...1, key: RandomKey(seed: 1))
        let keys = Tensor.uniform([1, 1, 4, 8], in: -1...1, key: RandomKey(seed: 2))
        func scores(shift: Int) throws -> Tensor {
            try matmul(
                rope.transform(query: query, positions: .from(3 + shift)),
                rope.transform(keys: keys, positions: .from(shift)).transposed())
        }
        expectClose(try scores(shift: 0), try scores(shift: 700))
        #expect(abs(try scores(shift: 0)[0, 0, 0, 0] - (try matmul(query, keys.transposed()))[0, 0, 0, 0]) > 1e-3)
    }

    /// One pair turned by one radian per position: (1, 0) → (cos t, sin t).
    @Test func onePairByHand() throws {
        let rope = try RotaryModifier.rope(rotarySize: 2)
        let x = try Tensor([1, 0, 1, 0, 0, 1], shape: [1, 1, 3, 2])
        expectClose(
            try rope.transform(keys: x, positions: .from(1)),
            try Tensor(
                [0.540_302_3, 0.841_471, -0.416_146_84, 0.909_297_4, -0.141_120, -0.989_992_5], shape: [1, 1, 3, 2]))
    }

    @Test func layoutsDifferByAPermutation() throws {
        let x = Tensor.uniform([1, 1, 5, 6], in: -1...1, key: RandomKey(seed: 3))
        let order = [0, 2, 4, 1, 3, 5]  // half's feature n is interleaved's feature order[n]
        func reordered(_ x: Tensor) throws -> Tensor {
            try concatenated(order.map { try x.sliced(axis: 3, $0..<$0 + 1) }, axis: 3)
        }
        let interleaved = try RotaryModifier.rope(rotarySize: 6, layout: .interleaved).transform(
            query: x, positions: .from(4))
        let half = try RotaryModifier.rope(rotarySize: 6, layout: .half).transform(
            query: reordered(x), positions: .from(4))
        expectClose(half, try reordered(interleaved))
    }

    @Test func scalingWithFactorOneChangesNothing() throws {
        let plain = try RotaryFrequencies(rotarySize: 16)
        let scalings: [RotaryScaling] = [
            .linear(factor: 1), .dynamicNTK(factor: 1, originalLength: 8, length: 4),
            .llama3(factor: 1, lowFrequency: 1, highFrequency: 4, originalLength: 64),
            .yarn(factor: 1, originalLength: 64),
        ]
        for scaling in scalings {
            let scaled = try RotaryFrequencies(rotarySize: 16, scaling: scaling)
            #expect(scaled.multiplier == 1)
            for (x, y) in zip(scaled.angles, plain.angles) { #expect(abs(x - y) < 1e-15) }
        }
    }

    @Test func impossibleFrequenciesAreRefused() {
        #expect { try RotaryFrequencies(rotarySize: 3) } throws: {
            "\($0)" == "RotaryFrequencies: expected an even number of features, found 3"
        }
        #expect { try RotaryFrequencies(rotarySize: 4, scaling: .linear(factor: 0)) } throws: {
            "\($0)" == "RotaryScaling: expected a factor of at least 1, found 0.0"
        }
        #expect {
            try RotaryModifier.rope(rotarySize: 8).transform(query: .zeros([1, 1, 2, 6]), positions: .from(0))
        } throws: {
            "\($0)" == "rope: expected at least 8 features, found [1, 1, 2, 6]"
        }
    }
}
