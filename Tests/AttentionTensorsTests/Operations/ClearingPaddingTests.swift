import AttentionFiles
import AttentionTensors
import AttentionTesting
import Testing

@Suite struct ClearingPaddingTests {
    @Test func zerosBehindEachEnd() throws {
        let x = try Tensor([1, 2, 3, .nan, .infinity, 6, 7, 8], shape: [2, 2, 2]).tracked()
        let cleared = try x.clearingPadding([1, 0])
        #expect(cleared.values == [1, 2, 0, 0, 0, 0, 0, 0])
        let gradient = try #require(cleared.gradients(upstream: .ones([2, 2, 2]))[x])
        #expect(gradient.values == [1, 1, 0, 0, 0, 0, 0, 0])
        #expect(x.values[2] == 3)
    }

    @Test func viewsAndFullSequences() throws {
        let x = try Tensor([1, 2, 3, 4], shape: [2, 2])
        #expect(try x.transposed().clearingPadding([2, 1]).values == [1, 3, 2, 0])
        #expect(try x.clearingPadding([2, 2]).values == x.values)
        #expect(try x.clearingPadding(nil).values == x.values)
        #expect(try Tensor.zeros([0, 3]).clearingPadding([]).shape == [0, 3])
    }

    @Test func gradients() throws {
        let x = Tensor.uniform([3, 4, 2], in: -1...1, key: RandomKey(seed: 1))
        try checkGradients(of: [x]) { try $0[0].clearingPadding([4, 0, 2]) }
    }

    @Test func refusals() {
        #expect(throws: ShapeError("clearingPadding", expected: "2 lengths of at most 3", found: "[3, 4]")) {
            try Tensor.ones([2, 3]).clearingPadding([3, 4])
        }
        #expect(throws: ShapeError("clearingPadding", expected: "2 lengths of at most 3", found: "[1]")) {
            try Tensor.ones([2, 3]).clearingPadding([1])
        }
        #expect(throws: ShapeError("clearingPadding", expected: "sequences [B, L, …]", found: "[2]")) {
            try Tensor.ones([2]).clearingPadding([1, 1])
        }
    }
}
