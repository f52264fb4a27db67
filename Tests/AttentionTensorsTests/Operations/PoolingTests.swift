import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import Testing

@Suite struct PoolingTests {
    /// What is kept of an image of one channel, and the gradient if the places' upstream is 1, 2, 3, ….
    private func pooled(
        _ image: [[Float]], kernel: (rows: Int, columns: Int), stride: (rows: Int, columns: Int)? = nil,
        padding: (rows: Int, columns: Int) = (0, 0), dilation: (rows: Int, columns: Int) = (1, 1)
    ) throws -> (values: [Float], gradient: [Float]) {
        let x = try Tensor(image.flatMap { $0 }, shape: [1, 1, image.count, image[0].count]).tracked()
        let y = try maximumPooling2D(x, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
        let upstream = try Tensor((1...y.values.count).map(Float.init), shape: y.shape)
        return (y.values, try #require(y.gradients(upstream: upstream)[x]).values)
    }

    /// Numbers by PyTorch 2: `max_pool2d` and `backward` with the same upstream.
    @Test func gradientsGoToTheFirstOfEquals() throws {
        let equal = try pooled([[2, 2], [2, 2]], kernel: (2, 2), stride: (1, 1), padding: (1, 1))
        #expect(equal.values == [Float](repeating: 2, count: 9))
        #expect(equal.gradient == [12, 9, 15, 9])
        let least = try pooled([[-.infinity, -.infinity], [-.infinity, -.infinity]], kernel: (2, 2))
        #expect(least.values == [-.infinity] && least.gradient == [1, 0, 0, 0])
        let apart = try pooled([[1, 2, 3]], kernel: (1, 2), stride: (1, 2), padding: (0, 1), dilation: (1, 2))
        #expect(apart.values == [2, 2] && apart.gradient == [0, 3, 0])
    }

    @Test func whatIsNoNumberWins() throws {
        let row = try pooled([[1, .nan, .nan, 2]], kernel: (1, 4))
        #expect(row.values[0].isNaN && row.gradient == [0, 0, 1, 0])
        let sliding = try pooled([[1, .nan, .nan, 2, 5]], kernel: (1, 3), stride: (1, 1))
        #expect(sliding.values.allSatisfy(\.isNaN) && sliding.gradient == [0, 0, 6, 0, 0])
        let among = try pooled([[-.infinity, .nan], [3, 3]], kernel: (2, 2))
        #expect(among.values[0].isNaN && among.gradient == [0, 1, 0, 0])
        let beside = try pooled([[1, .nan, 3, -.infinity]], kernel: (1, 2))
        #expect(beside.values[0].isNaN && beside.values[1] == 3 && beside.gradient == [0, 1, 2, 0])
    }

    /// A window of two elements, three apart, that both lie beside the image.
    @Test func aPlaceThatSeesNothing() throws {
        let nothing = try pooled([[4, 5]], kernel: (1, 2), stride: (1, 1), padding: (0, 1), dilation: (1, 3))
        #expect(nothing.values == [-.infinity] && nothing.gradient == [0, 0])
    }

    @Test func viewsAreReadInTheirOwnOrder() throws {
        let x = Tensor.uniform([2, 5, 4, 3], in: -1...1, key: RandomKey(seed: 3)).transposed(1, 3)
        let copy = try Tensor(x.values, shape: x.shape)
        #expect(
            try maximumPooling2D(x, kernel: (2, 2)).values == maximumPooling2D(copy, kernel: (2, 2)).values)
        // Every number is another, so the gradient is smooth around it.
        let steps = try Tensor((0..<120).map { Float($0 * 37 % 120) / 10 }, shape: [2, 5, 4, 3])
        try checkGradients(of: [steps]) { try maximumPooling2D($0[0].transposed(1, 3), kernel: (2, 2)) }
    }

    /// Zeros outside the image count.
    @Test func meansAreConvolutionsByOneNumber() throws {
        for (kernel, stride, padding) in [(2, 2, 0), (3, 1, 1), (3, 2, 1), (4, 4, 2)] {
            let x = Tensor.uniform([2, 3, 11, 37], in: -1...1, key: RandomKey(seed: 5)).tracked()
            let sizes = (kernel, kernel)
            let mean = try averagePooling2D(x, kernel: sizes, stride: (stride, stride), padding: (padding, padding))
            let weight = Tensor.full(1 / Float(kernel * kernel), [3, 1, kernel, kernel])
            let sum = try convolution2D(
                x, weight: weight, stride: (stride, stride), padding: (padding, padding), groupCount: 3)
            expectClose(mean.detached(), sum.detached())
            let upstream = Tensor.uniform(mean.shape, in: -1...1, key: RandomKey(seed: 6))
            let (found, expected) = (mean.gradients(upstream: upstream)[x], sum.gradients(upstream: upstream)[x])
            expectClose(try #require(found), try #require(expected))
        }
        let ones = try averagePooling2D(.ones([1, 1, 2, 2]), kernel: (2, 2), stride: (1, 1), padding: (1, 1))
        #expect(ones.values == [0.25, 0.5, 0.25, 0.5, 1, 0.5, 0.25, 0.5, 0.25])
    }

    @Test func imagesThatAreTooLarge() {
        #expect(
            throws: ShapeError(
                "maximumPooling2D", expected: "images of at most 2147483647 elements", found: "65536 × 32768")
        ) { try maximumPooling2D(.zeros([0, 1, 65536, 32768]), kernel: (2, 2)) }
    }
}
