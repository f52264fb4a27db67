import AttentionFiles
import AttentionTensors
import AttentionTesting
import Testing

@Suite struct RelativeShiftTests {
    @Test(arguments: [(1, 1), (1, 4), (3, 1), (3, 3), (2, 5), (0, 2), (2, 0)])
    func everyPairReadsItsDistance(_ queryCount: Int, _ keyCount: Int) throws {
        let products = Tensor.uniform([2, queryCount, queryCount + keyCount], in: -1...1, key: RandomKey(seed: 1))
        let shifted = try products.relativelyShifted()
        #expect(shifted.shape == [2, queryCount, keyCount])
        for item in 0..<2 {
            for i in 0..<queryCount {
                for j in 0..<keyCount { #expect(shifted[item, i, j] == products[item, i, j - i + queryCount - 1]) }
            }
        }
    }

    @Test func gradients() throws {
        try checkGradients(of: [.uniform([2, 3, 7], in: -1...1, key: RandomKey(seed: 2))]) {
            try $0[0].relativelyShifted()
        }
    }

    @Test func refusesFewerColumnsThanRows() {
        #expect(throws: ShapeError("relativelyShifted", expected: "products [..., Q, Q + K]", found: "[3, 2]")) {
            try Tensor.zeros([3, 2]).relativelyShifted()
        }
    }
}
