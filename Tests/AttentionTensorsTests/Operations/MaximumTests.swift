import AttentionFiles
import AttentionTensors
import AttentionTesting
import Testing

@Suite struct MaximumTests {
    @Test func largestOfEachRow() throws {
        let x = try Tensor([1, 5, 3, -2, -7, -1], shape: [2, 3])
        #expect(try x.maximum().values == [5, -1])
        #expect(try x.maximum().shape == [2, 1])
        #expect(try x.maximum(axis: 0).values == [1, 5, 3])
        #expect(try x.maximum(axis: -2, keepingAxis: true).shape == [1, 3])
        #expect(try x.transposed().maximum(axis: 1).values == [1, 5, 3])
    }

    @Test func onlyVisibleEntriesCount() throws {
        let x = try Tensor([1, .infinity, 3, -2, -7, .nan], shape: [2, 3])
        let mask = try Mask([true, false, true, false, false, false], shape: [2, 3])
        #expect(try x.maximum(visible: mask).values == [3, 0])
        let column = try Mask([true, false], shape: [2, 1])
        #expect(try x.maximum(visible: column).values == [.infinity, 0])
    }

    @Test func notANumberWins() throws {
        #expect(try Tensor([1, .nan, 9], shape: [3]).maximum().values[0].isNaN)
        #expect(try Tensor([.nan, 9], shape: [2]).maximum().values[0].isNaN)
    }

    @Test func gradientGoesToTheFirstOfTheLargest() throws {
        let x = try Tensor([2, 7, 7, 0, 0, 0], shape: [2, 3]).tracked()
        let upstream = try Tensor([3, 5], shape: [2, 1])
        #expect(try #require(try x.maximum().gradients(upstream: upstream)[x]).values == [0, 3, 0, 5, 0, 0])
        let blind = try Mask([false, true], shape: [2, 1])
        #expect(
            try #require(try x.maximum(visible: blind).gradients(upstream: upstream)[x]).values == [0, 0, 0, 5, 0, 0])
    }

    @Test func gradients() throws {
        let x = Tensor.uniform([2, 3, 4], in: -1...1, key: RandomKey(seed: 3))
        for axis in 0..<3 { try checkGradients(of: [x]) { try $0[0].maximum(axis: axis) } }
    }

    @Test func emptyTensors() throws {
        #expect(try Tensor.zeros([2, 0]).maximum().values == [0, 0])
        #expect(try Tensor.zeros([0, 2]).maximum().shape == [0, 1])
    }

    @Test func refusals() {
        #expect(throws: ShapeError("maximum", expected: "an axis of [2, 3]", found: "2")) {
            try Tensor.ones([2, 3]).maximum(axis: 2)
        }
        #expect(throws: ShapeError("maximum", expected: "a mask that fits [2, 3]", found: "[2]")) {
            try Tensor.ones([2, 3]).maximum(visible: Mask([true, true], shape: [2]))
        }
        #expect(throws: ShapeError.self) { try Tensor(1).maximum() }
    }
}
