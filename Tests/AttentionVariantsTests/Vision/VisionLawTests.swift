import AttentionLayers
import AttentionMechanisms
import AttentionTensors
import AttentionTestSupport
import AttentionTesting
import AttentionVariants
import Testing

private let key = RandomKey(seed: 31)
private let image: Shape = [2, 4, 3, 5]

/// Every module and function of images.
private let cases: [LayerCase] = [
    LayerCase("squeeze-excitation", SqueezeExcitation(4, reducedSize: 3, key: key), [image]) {
        let (output, weights) = try $0($1[0])
        return [output, weights]
    },
    LayerCase("efficient channel attention", EfficientChannelAttention(kernelSize: 3, key: key), [image]) {
        let (output, weights) = try $0($1[0])
        return [output, weights]
    },
    LayerCase(
        "convolutional block attention", ConvolutionalBlockAttention(4, reducedSize: 3, kernelSize: 3, key: key),
        [image]
    ) {
        let result = try $0($1[0])
        return [result.output, result.channelWeights, result.spatialWeights]
    },
    LayerCase("spatial attention", SpatialAttention(kernelSize: 3, key: key), [image]) {
        let (output, weights) = try $0($1[0])
        return [output, weights]
    },
    LayerCase(
        "attention gate", AttentionGate(4, gateChannelCount: 3, hiddenSize: 5, key: key), [image, [2, 3, 3, 5]]
    ) {
        let (output, weights) = try $0($1[0], gate: $1[1])
        return [output, weights]
    },
    LayerCase("global context", GlobalContext(4, reducedSize: 3, key: key), [image], inert: ["attention.bias"]) {
        let (output, weights) = try $0($1[0])
        return [output, weights]
    },
    LayerCase(
        "selective kernel", SelectiveKernel(4, branchCount: 3, reducedSize: 5, key: key), [[2, 3, 4, 2, 3]]
    ) {
        let (output, weights) = try $0($1[0])
        return [output, weights]
    },
    LayerCase("dual attention", DualAttention(4, innerSize: 2, key: key), [image]) {
        let result = try $0($1[0])
        return [result.position, result.channel, result.output]
    },
    LayerCase(
        "attention pool", AttentionPool2D(4, height: 3, width: 5, outputSize: 6, headCount: 2, key: key), [image]
    ) {
        let (output, weights) = try $0($1[0])
        return [output, weights]
    },
    LayerCase(
        "spatial soft attention", SpatialSoftAttention(stateSize: 3, annotationSize: 4, hiddenSize: 5, key: key),
        [[2, 3, 3], [2, 6, 4]]
    ) {
        let result = try $0($1[0], $0.remember($1[1]))
        return [result.output, result.weights, result.gate, try result.penalty(0.5)]
    },
    LayerCase("deformable", [[2, 18, 2, 3], [2, 3, 2, 2, 2, 2], [2, 3, 2, 4]]) {
        let (output, weights) = try deformableAttention(
            value: $0[0], levels: [(3, 4), (2, 3)], locations: $0[1] * 0.4 + 0.5, logits: $0[2])
        return [output, weights]
    },
    // The references keep points away from pixels' centres, where the slope jumps.
    LayerCase(
        "deformable, with maps", DeformableAttention(4, headCount: 2, levelCount: 2, pointCount: 2, key: key),
        [[2, 3, 4], [2, 3, 2, 2], [2, 18, 4]]
    ) {
        let (output, weights) = try $0($1[0], references: $1[1] * 0.37 + 0.5, places: $1[2], levels: [(3, 4), (2, 3)])
        return [output, weights]
    },
    LayerCase("spatial transformer", [image, [2, 2, 3]]) {
        [try spatialTransformer($0[0], theta: $0[1], height: 3, width: 4)]
    },
]

private let nonLocal: [LayerCase] = [
    ("gaussian", PairwiseFunction.gaussian), ("embedded", .embedded(4, innerSize: 3, key: key)),
    ("dot", .dot(4, innerSize: 3, key: key)), ("concatenation", .concatenation(4, innerSize: 3, key: key)),
].map { name, pairwise in
    LayerCase("non-local, \(name)", NonLocalBlock(4, innerSize: 3, pairwise: pairwise, key: key), [image]) {
        let (output, weights) = try $0.align($1[0])
        return [output, weights, try $0.attend($1[0])]
    }
}

private let draw = LayerCase("DRAW", [[2, 5, 6], [2, 5]]) {
    let patch = try drawRead($0[0], parameters: $0[1], patchSize: 3)
    return [patch.output, patch.horizontalFilters, patch.verticalFilters]
}

@Suite struct VisionLawTests {
    @Test(arguments: cases + nonLocal + [draw])
    func gradients(_ layer: LayerCase) throws { try layer.checkGradientsOfEverything() }

    @Test(arguments: cases + nonLocal + [draw])
    func batchIsLoop(_ layer: LayerCase) throws { try layer.checkBatchIsLoop() }

    @Test(arguments: cases + nonLocal + [draw])
    func emptyBatch(_ layer: LayerCase) throws { try layer.checkEmptyBatch() }

    /// All but DRAW, whose parameters are logarithms.
    @Test(arguments: cases + nonLocal)
    func largeInputs(_ layer: LayerCase) throws { try layer.checkLargeInputs() }

    @Test func parametersHaveTheirNames() {
        #expect(
            GlobalContext(4, reducedSize: 2, key: key).parameters().map(\.name) == [
                "attention.weight", "attention.bias", "fc1.weight", "fc1.bias", "norm.weight", "norm.bias",
                "fc2.weight", "fc2.bias",
            ])
        #expect(EfficientChannelAttention(kernelSize: 3, key: key).parameters().map(\.name) == ["conv.weight"])
        #expect(
            NonLocalBlock(4, innerSize: 2, pairwise: .concatenation(4, innerSize: 2, key: key), key: key).parameters()
                .map(\.name) == [
                    "theta.weight", "theta.bias", "phi.weight", "phi.bias", "concat.weight", "g.weight", "g.bias",
                    "z.weight", "z.bias",
                ])
        #expect(
            SpatialSoftAttention(stateSize: 1, annotationSize: 1, hiddenSize: 1, key: key).parameters().map(\.name) == [
                "weight_state", "weight_annotation", "hidden_bias", "vector", "weight_gate", "bias_gate",
            ])
    }
}
