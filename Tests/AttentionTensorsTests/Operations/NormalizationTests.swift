import AttentionFiles
import AttentionTensors
import AttentionTesting
import Testing

@Suite struct NormalizationTests {
    @Test func rootMeanSquareIsTheFormula() throws {
        let x = try Tensor([3, -4, 1, 1], shape: [2, 2])
        let y = try x.rootMeanSquareNormalized(gain: try Tensor([1, 2], shape: [2]), epsilon: 0)
        let root = (12.5 as Float).squareRoot()
        #expect(zip(y.values, [3 / root, -8 / root, 1, 2]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test(arguments: [[1, 3], [2, 3, 17], [130, 40]])
    func gradients(_ sizes: [Int]) throws {
        let x = Tensor.normal(Shape(sizes), key: RandomKey(seed: 1))
        let gain = Tensor.normal([sizes[sizes.count - 1]], key: RandomKey(seed: 2))
        try checkGradients(of: [x, gain]) { try $0[0].rootMeanSquareNormalized(gain: $0[1]) }
        try checkGradients(of: [x, gain, gain * 2]) { try $0[0].layerNormalized(gain: $0[1], bias: $0[2]) }
    }

    @Test func gainMustFit() {
        #expect(throws: ShapeError.self) { try Tensor.zeros([2, 3]).rootMeanSquareNormalized(gain: .zeros([2])) }
    }
}
