import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import Testing

@Suite struct BiasTests {
    @Test func minusInfinityExcludes() throws {
        let bias = try Tensor([0, -.infinity, 1, -.infinity, -.infinity, -.infinity], shape: [2, 3]).tracked()
        let mechanism = AttentionMechanism(modifiers: [.bias(bias)])
        let keys = try Tensor([1, 3e38, 2], shape: [1, 1, 3, 1]).tracked()
        let memory = try mechanism.remember(keys: keys, values: try Tensor([1, 1e30, 2], shape: [1, 1, 3, 1]))
        let query = Tensor.full(2, [1, 1, 2, 1]).tracked()
        let alignment = try mechanism.align(query, memory)
        #expect(alignment.weights[0, 0, 0, 1] == 0 && alignment.context[0, 0, 0, 0] < 2)
        #expect(alignment.weights[0, 0, 1, 0] == 0 && alignment.context[0, 0, 1, 0] == 0, "a row of −∞ sees nothing")
        let gradients = try alignment.weights.sliced(axis: 3, 0..<1).sum().gradients()
        let biasGradient = try #require(gradients[bias])
        #expect(biasGradient[0, 0] != 0 && biasGradient[0, 1] == 0 && biasGradient[1, 0] == 0)
        #expect(try #require(gradients[query])[0, 0, 1, 0] == 0)
    }

    @Test func biasesThatDoNotFitAreRefused() throws {
        let mechanism = AttentionMechanism(modifiers: [.bias(.full(-.infinity, [2, 2]))])
        let memory = try mechanism.remember(keys: .ones([1, 1, 3, 1]), values: .ones([1, 1, 3, 1]))
        #expect { try mechanism.align(.ones([1, 1, 2, 1]), memory) } throws: {
            "\($0)" == "bias: expected a bias that can be repeated to [1, 1, 2, 3], found [2, 2]"
        }
    }

    /// Per head: the published slopes of 8 heads, and every other one of 16 for the heads beyond.
    @Test func alibiSlopes() {
        #expect(AlibiModifier.slopes(headCount: 8) == (1...8).map { 1 / Double(1 << $0) })
        let ten = AlibiModifier.slopes(headCount: 10)
        #expect(ten.prefix(8) == AlibiModifier.slopes(headCount: 8)[...])
        #expect(zip(ten.suffix(2), [0.5, 1.5]).allSatisfy { abs($0 * $0 - 1 / Double(1 << Int(2 * $1))) < 1e-12 })
        #expect(AlibiModifier.slopes(headCount: 0) == [])
    }

    @Test func alibiBothWays() throws {
        let zeros = Tensor.zeros([1, 1, 1, 4])
        #expect(
            try AlibiModifier.alibi().modify(scores: zeros, query: zeros, positions: .from(2)).values
                == [-2, -1, 0, -1].map { $0 / 256 })
        #expect(
            try AlibiModifier.alibi(symmetric: false).modify(scores: zeros, query: zeros, positions: .from(2)).values
                == [-2, -1, 0, 1].map { $0 / 256 })
    }

    @Test func bucketsByHand() throws {
        let causal = try RelativeBuckets(count: 8, maximumDistance: 16, isBidirectional: false)
        #expect(
            [3, 0, -1, -3, -4, -5, -6, -8, -11, -12, -16, -99].map(causal.bucket) == [
                0, 0, 1, 3, 4, 4, 5, 6, 6, 7, 7, 7,
            ])
        let both = try RelativeBuckets(count: 8, maximumDistance: 16, isBidirectional: true)
        #expect([-1, 0, 1, -2, 2, -6, 6, 50].map(both.bucket) == [1, 0, 5, 2, 6, 3, 7, 7])
        // Exact integers that plain floating point would put a bucket too low.
        let exact = try RelativeBuckets(count: 10, maximumDistance: 160, isBidirectional: false)
        #expect([-10, -20, -80].map(exact.bucket) == [6, 7, 9])
        #expect { try RelativeBuckets(count: 7, maximumDistance: 16, isBidirectional: true) } throws: {
            "\($0)" == "RelativeBuckets: expected an even number of buckets from 4 on, found 7"
        }
    }
}

@Suite struct BiasRefusalTests {
    @Test(arguments: [Float.nan, .infinity]) func onlyNumbersAndMinusInfinity(number: Float) throws {
        let bias = try Tensor([0, number, -.infinity, 1], shape: [2, 2])
        let mechanism = AttentionMechanism(modifiers: [.bias(bias)])
        let memory = try mechanism.remember(keys: .ones([1, 1, 2, 1]), values: .ones([1, 1, 2, 1]))
        #expect(throws: ShapeError("bias", expected: "numbers, or −∞ to exclude a pair", found: "\(number) at 1")) {
            try mechanism.align(.ones([1, 1, 2, 1]), memory)
        }
    }

    @Test func masksThatDoNotFitAreRefused() throws {
        let mechanism = AttentionMechanism(
            scope: .intersection(
                .mask(Mask(shape: [2, 2], bytes: [1, 1, 1, 1])), Own(mask: Mask(shape: [3], bytes: [1, 1, 1]))))
        let memory = try mechanism.remember(keys: .ones([1, 1, 2, 1]), values: .ones([1, 1, 2, 1]))
        #expect(throws: ShapeError("intersection", expected: "a mask that fits [2, 2]", found: "[3]")) {
            try mechanism.align(.ones([1, 1, 2, 1]), memory)
        }
    }

    private struct Own: Scope {
        let mask: Mask
        func region(query: Tensor, memory: Memory, positions: Positions) -> Region { .mask(mask) }
    }
}
