import AttentionFiles
import AttentionTensors
import AttentionTesting
import Testing

@Suite struct BilinearSamplingTests {
    /// 2 × 3 pixels: 0 1 2 / 10 11 12.
    private static func ramp() throws -> Tensor { try Tensor([0, 1, 2, 10, 11, 12], shape: [1, 2, 3, 1]) }

    private func read(_ points: [Float]) throws -> [Float] {
        try Self.ramp().sampledBilinearly(at: Tensor(points, shape: [1, points.count / 2, 2])).values
    }

    @Test func pixelsAndPlacesBetween() throws {
        #expect(try read([0, 0, 2, 1, 0.5, 0.5, 1.25, 0.75]) == [0, 12, 5.5, 8.75])
    }

    @Test func zerosOutside() throws {
        #expect(try read([-0.5, 0, 2.5, 0, 0, 1.5, 2.5, 1.5]) == [0, 1, 5, 3])
        #expect(try read([-1, 0, 3, 0, 1, -2, 1e30, 0, -.infinity, 0, .nan, 0, 0, .nan]) == [0, 0, 0, 0, 0, 0, 0])
    }

    @Test func gradients() throws {
        let maps = Tensor.uniform([2, 4, 3, 5], in: -1...1, key: RandomKey(seed: 1))
        // Away from pixels' centres, where the slope jumps.
        let points = try Tensor(
            [0.3, 0.4, 1.7, 2.6, -0.6, 1.2, 2.4, 3.3, 1.5, -0.4, 5, 5, 0.2, 2.8, 1.1, 0.9], shape: [2, 4, 2])
        try checkGradients(of: [maps, points]) { try $0[0].sampledBilinearly(at: $0[1]) }
    }

    @Test func pointsPullTheSamePixelTogether() throws {
        let maps = try Self.ramp().tracked()
        let points = try Tensor([1, 0, 1, 0, 1.5, 0], shape: [1, 3, 2])
        let gradient = try #require(
            try maps.sampledBilinearly(at: points).gradients(upstream: .ones([1, 3, 1]))[maps])
        #expect(gradient.values == [0, 2.5, 0.5, 0, 0, 0])
    }

    @Test func emptyTensors() throws {
        #expect(try Tensor.zeros([0, 2, 2, 3]).sampledBilinearly(at: .zeros([0, 4, 2])).shape == [0, 4, 3])
        #expect(try Tensor.zeros([1, 0, 2, 1]).sampledBilinearly(at: .zeros([1, 2, 2])).values == [0, 0])
        #expect(try Tensor.zeros([1, 2, 2, 0]).sampledBilinearly(at: .zeros([1, 2, 2])).shape == [1, 2, 0])
    }

    @Test func refusals() {
        #expect(
            throws: ShapeError(
                "sampledBilinearly", expected: "maps [N, H, W, D] and points [N, P, 2]",
                found: "[1, 2, 2, 1] and [2, 1, 2]")
        ) { try Tensor.ones([1, 2, 2, 1]).sampledBilinearly(at: .ones([2, 1, 2])) }
        #expect(throws: ShapeError.self) { try Tensor.ones([1, 2, 2]).sampledBilinearly(at: .ones([1, 1, 2])) }
        #expect(throws: ShapeError.self) { try Tensor.ones([1, 2, 2, 1]).sampledBilinearly(at: .ones([1, 1, 3])) }
    }
}
