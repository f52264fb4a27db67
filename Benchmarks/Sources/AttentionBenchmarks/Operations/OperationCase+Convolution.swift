import Attention

extension OperationCase {
    static let convolutions: [OperationCase] = [
        // Small networks for small pictures, and the middle of a ResNet; one picture, too.
        convolution([32, 3, 32, 32], [32, 3, 3, 3], padding: 1),
        convolution([32, 32, 32, 32], [32, 32, 3, 3], padding: 1),
        convolution([32, 64, 16, 16], [128, 64, 3, 3], padding: 1),
        convolution([8, 64, 56, 56], [64, 64, 3, 3], padding: 1),
        convolution([1, 64, 56, 56], [64, 64, 3, 3], padding: 1),
        convolution([8, 256, 14, 14], [256, 256, 3, 3], padding: 1),
        // Channels mixed place by place.
        convolution([8, 64, 56, 56], [256, 64, 1, 1]), convolution([8, 256, 56, 56], [64, 256, 1, 1]),
        // Strided and dilated.
        convolution([8, 3, 224, 224], [64, 3, 7, 7], stride: 2, padding: 3),
        convolution([8, 64, 56, 56], [128, 64, 3, 3], stride: 2, padding: 1),
        convolution([8, 64, 56, 56], [128, 64, 1, 1], stride: 2),
        convolution([8, 64, 28, 28], [64, 64, 3, 3], padding: 2, dilation: 2),
        // In groups; one channel at a time, as MobileNet and ConvNeXt do it, along time as Conformer does.
        convolution([8, 128, 28, 28], [128, 4, 3, 3], padding: 1, groups: 32),
        convolution([8, 96, 56, 56], [96, 1, 3, 3], padding: 1, groups: 96),
        convolution([8, 96, 112, 112], [96, 1, 3, 3], stride: 2, padding: 1, groups: 96),
        convolution([8, 384, 14, 14], [384, 1, 3, 3], padding: 1, groups: 384),
        convolution([8, 96, 56, 56], [96, 1, 7, 7], padding: 3, groups: 96),
        convolution([8, 768, 7, 7], [768, 1, 7, 7], padding: 3, groups: 768),
        convolution([8, 256, 500], [256, 1, 31], padding: 15, groups: 256),
        // Patches of ViT and of ConvNeXt.
        convolution([8, 3, 224, 224], [768, 3, 16, 16], stride: 16),
        convolution([8, 3, 224, 224], [96, 3, 4, 4], stride: 4),
        // Whisper's two; the first and the positional one of Wav2Vec2.
        convolution([1, 80, 3000], [384, 80, 3], padding: 1),
        convolution([1, 384, 3000], [384, 384, 3], stride: 2, padding: 1),
        convolution([1, 1, 160000], [512, 1, 10], stride: 5),
        convolution([1, 768, 499], [768, 48, 128], padding: 64, groups: 16),
        // What makes larger.
        transposed([8, 128, 28, 28], [128, 64, 2, 2], stride: 2),
        transposed([8, 128, 28, 28], [128, 64, 4, 4], stride: 2, padding: 1),
    ]

    private static func convolution(
        _ x: Shape, _ weight: Shape, stride: Int = 1, padding: Int = 0, dilation: Int = 1, groups: Int = 1
    ) -> OperationCase {
        let settings = "s\(stride)p\(padding)d\(dilation)g\(groups)"
        let shapes: [Shape] = [x, weight, [weight[0]]]
        guard x.rank == 4 else {
            return OperationCase("conv1d-\(x.name)-\(weight.name)-\(settings)", shapes) {
                try convolution1D(
                    $0[0], weight: $0[1], bias: $0[2], stride: stride, padding: padding, dilation: dilation,
                    groupCount: groups)
            }
        }
        return OperationCase("conv2d-\(x.name)-\(weight.name)-\(settings)", shapes) {
            try convolution2D(
                $0[0], weight: $0[1], bias: $0[2], stride: (stride, stride), padding: (padding, padding),
                dilation: (dilation, dilation), groupCount: groups)
        }
    }

    private static func transposed(_ x: Shape, _ weight: Shape, stride: Int, padding: Int = 0) -> OperationCase {
        OperationCase("transposed2d-\(x.name)-\(weight.name)-s\(stride)p\(padding)", [x, weight, [weight[1]]]) {
            try transposedConvolution2D(
                $0[0], weight: $0[1], bias: $0[2], stride: (stride, stride), padding: (padding, padding))
        }
    }
}
