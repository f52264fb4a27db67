import AttentionFiles
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

@Suite struct RowFunctionTests {
    /// Every visible entry divided by the sum of the visible ones.
    private func shares(_ x: Tensor, _ visible: Mask?) throws -> Tensor {
        try x.mappingRows(visible: visible) { row in
            let sum = row.reduce(0, +)
            for index in row.indices { row[index] /= sum }
        } pullback: { gradient, row, shares in
            let mean = zip(gradient, shares).reduce(0) { $0 + $1.0 * $1.1 }
            let sum = row.reduce(0, +)
            for index in gradient.indices { gradient[index] = (gradient[index] - mean) / sum }
        }
    }

    @Test func functionsSeeVisibleEntriesOnly() throws {
        let x = try Tensor([1, .nan, 3, 7, .infinity, -.infinity], shape: [2, 3])
        let mask = try Mask([true, false, true, false, false, false], shape: [2, 3])
        #expect(try shares(x, mask).values == [0.25, 0, 0.75, 0, 0, 0])
    }

    @Test func viewsAreReadInTheirOwnOrder() throws {
        let x = try Tensor([1, 2, 3, 6], shape: [2, 2])
        #expect(try shares(x.transposed(), nil).values == [0.25, 0.75, 0.25, 0.75])
    }

    @Test func gradients() throws {
        let x = Tensor.uniform([3, 2, 4], in: 1...2, key: RandomKey(seed: 1))
        let mask = try Mask([true, true, false, true, false, false, false, false], shape: [2, 4])
        for visible in [nil, mask] { try checkGradients(of: [x]) { try shares($0[0], visible) } }
    }

    @Test func manyRows() throws {
        let x = Tensor.uniform([500, 33], in: 1...2, key: RandomKey(seed: 2))
        expectClose(try shares(x, nil).sum(axis: -1), .ones([500]))
    }

    @Test func emptyTensors() throws {
        #expect(try shares(.zeros([0, 3]), nil).shape == [0, 3])
        #expect(try shares(.zeros([3, 0]), nil).shape == [3, 0])
    }

    @Test func masksMustFit() throws {
        #expect(throws: ShapeError("mappingRows", expected: "a mask that fits [2, 3]", found: "[2, 2]")) {
            try shares(.ones([2, 3]), Mask([true, true, true, true], shape: [2, 2]))
        }
    }
}
