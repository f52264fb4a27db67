import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionVariants
import Testing

private func random(_ shape: Shape, _ seed: UInt64) -> Tensor {
    .uniform(shape, in: -1...1, key: RandomKey(seed: seed))
}

@Suite struct SamplingTests {
    @Test func theIdentityGivesTheImageBack() throws {
        let x = random([1, 2, 3, 4], 1)
        let identity = try Tensor([1, 0, 0, 0, 1, 0], shape: [1, 2, 3])
        expectClose(try spatialTransformer(x, theta: identity, height: 3, width: 4), x)
        let mirror = try Tensor([-1, 0, 0, 0, 1, 0], shape: [1, 2, 3])
        expectClose(
            try spatialTransformer(x, theta: mirror, height: 3, width: 4), try x.reordered(axis: 3, [3, 2, 1, 0]))
        let away = try Tensor([1, 0, 5, 0, 1, 0], shape: [1, 2, 3])
        #expect(try spatialTransformer(x, theta: away, height: 2, width: 2).values.allSatisfy { $0 == 0 })
    }

    @Test func aTargetOfOnePixelIsTheCentre() throws {
        let x = try Tensor([1, 2, 3, 4, 5, 6, 7, 8, 9], shape: [1, 1, 3, 3])
        let identity = try Tensor([1, 0, 0, 0, 1, 0], shape: [1, 2, 3])
        #expect(try spatialTransformer(x, theta: identity, height: 1, width: 1).values == [5])
        #expect(try spatialTransformer(x, theta: identity, height: 0, width: 2).shape == [1, 1, 0, 2])
    }

    @Test func aPointInThePixelsCentreReadsThePixel() throws {
        let value = random([1, 6, 1, 3], 1)  // 2 × 3 pixels
        let locations = try Tensor([2.5 / 3, 0.25], shape: [1, 1, 1, 1, 1, 2])
        let (output, weights) = try deformableAttention(
            value: value, levels: [(2, 3)], locations: locations, logits: .zeros([1, 1, 1, 1]))
        expectClose(try output.at(0).at(0), try value.at(0).at(2))
        #expect(weights.values == [1])
    }

    @Test func levelsAreMixedByTheirWeights() throws {
        let value = random([1, 5, 1, 2], 1)  // 1 × 1 and 2 × 2 pixels
        let locations = try Tensor([0.5, 0.5, 0.75, 0.25], shape: [1, 1, 1, 2, 1, 2])
        let logits = try Tensor([0, 1], shape: [1, 1, 1, 2])
        let (output, weights) = try deformableAttention(
            value: value, levels: [(1, 1), (2, 2)], locations: locations, logits: logits)
        let (first, second) = (try value.at(0).at(0), try value.at(0).at(2))
        let expected = first * weights[0, 0, 0, 0] + second * weights[0, 0, 0, 1]
        expectClose(try output.at(0).at(0), expected)
    }

    @Test func headsFirstLookAroundTheReference() throws {
        var attention = DeformableAttention(4, headCount: 4, levelCount: 1, pointCount: 2, key: RandomKey(seed: 1))
        let identity = Parameter(try Tensor((0..<16).map { $0 % 5 == 0 ? 1 : 0 }, shape: [4, 4]))
        (attention.value.weight, attention.output.weight) = (identity, identity)
        let places = random([1, 25, 4], 1)  // 5 × 5 pixels
        let centre = try Tensor([0.5, 0.5], shape: [1, 1, 1, 2])
        let (output, weights) = try attention(
            random([1, 1, 4], 2), references: centre, places: places, levels: [(5, 5)])
        #expect(weights.values == [Float](repeating: 0.5, count: 8))
        // From the pixel (2, 2): heads 0 to 3 look right, down, left and up, one and two pixels far.
        for (head, (near, far)) in [(13, 14), (17, 22), (11, 10), (7, 2)].enumerated() {
            #expect(abs(output[0, 0, head] - (places[0, near, head] + places[0, far, head]) / 2) < 1e-5)
        }
    }

    @Test func filtersSumToOneHoweverFarOutside() throws {
        let parameters = try Tensor([30, -30, -2, 1, 0.5], shape: [1, 5])
        let patch = try drawRead(random([1, 4, 6], 1), parameters: parameters, patchSize: 3)
        expectClose(try patch.horizontalFilters.sum(axis: 2), .ones([1, 3]))
        expectClose(try patch.verticalFilters.sum(axis: 2), .ones([1, 3]))
        #expect(patch.output.values.allSatisfy { $0.isFinite })
    }

    @Test func narrowFiltersAtStrideOneCopyThePatch() throws {
        let x = random([1, 5, 5], 1)
        let stride = Float(0.5).logarithm  // δ = (5 − 1) / (3 − 1) · ½ = 1
        let parameters = try Tensor([0, 0, -8, stride, 0], shape: [1, 5])
        let patch = try drawRead(x, parameters: parameters, patchSize: 3)
        expectClose(patch.output, try x.sliced(axis: 1, 1..<4).sliced(axis: 2, 1..<4))
    }

    @Test func onePixelPatches() throws {
        let patch = try drawRead(
            random([2, 3, 3], 1), parameters: try Tensor([0, 0, -8, 3, 0, 0, 0, -8, -3, 0], shape: [2, 5]), patchSize: 1
        )
        expectClose(
            patch.output, try random([2, 3, 3], 1).sliced(axis: 1, 1..<2).sliced(axis: 2, 1..<2))
    }

    @Test func refusals() {
        let x = Tensor.ones([1, 2, 3, 3])
        #expect(throws: ShapeError("spatialTransformer", expected: "theta [1, 2, 3]", found: "[1, 3, 3]")) {
            try spatialTransformer(x, theta: .ones([1, 3, 3]), height: 2, width: 2)
        }
        #expect(throws: ShapeError.self) {
            try spatialTransformer(x, theta: .ones([1, 2, 3]), height: -1, width: 2)
        }
        #expect(
            throws: ShapeError(
                "deformableAttention", expected: "values [B, Σ h w, H, D] for levels of 2 × 2, 1 × 3",
                found: "[1, 6, 1, 2]")
        ) {
            try deformableAttention(
                value: .ones([1, 6, 1, 2]), levels: [(2, 2), (1, 3)], locations: .ones([1, 1, 1, 2, 1, 2]),
                logits: .ones([1, 1, 1, 2]))
        }
        #expect(throws: ShapeError.self) {
            try deformableAttention(
                value: .ones([1, 6, 1, 2]), levels: [(.max, .max)], locations: .ones([1, 1, 1, 1, 1, 2]),
                logits: .ones([1, 1, 1, 1]))
        }
        #expect(
            throws: ShapeError("deformableAttention", expected: "references [1, 2, 1, 2]", found: "[1, 2, 2, 2]")
        ) {
            try DeformableAttention(4, headCount: 2, levelCount: 1, pointCount: 1, key: RandomKey(seed: 1))(
                .ones([1, 2, 4]), references: .ones([1, 2, 2, 2]), places: .ones([1, 4, 4]), levels: [(2, 2)])
        }
        #expect(throws: ShapeError("drawRead", expected: "a patch of 1 to 32768", found: "0")) {
            try drawRead(.ones([1, 3, 3]), parameters: .ones([1, 5]), patchSize: 0)
        }
    }
}

extension Float {
    /// ln x.
    fileprivate var logarithm: Float { Tensor(self).logarithm().scalar }
}
