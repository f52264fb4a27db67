import Attention

// What computes plane by plane.
extension OperationCase {
    static let poolings: [OperationCase] = [
        maximum([8, 64, 112, 112], kernel: 3, stride: 2, padding: 1), maximum([32, 32, 32, 32], kernel: 2, stride: 2),
        average([32, 32, 32, 32], kernel: 2, stride: 2), average([8, 64, 112, 112], kernel: 3, stride: 2, padding: 1),
        average([8, 192, 28, 28], kernel: 3, stride: 1, padding: 1), average([8, 64, 56, 56], kernel: 4, stride: 4),
        adaptive([8, 512, 7, 7], rows: 1, columns: 1), adaptive([8, 256, 14, 14], rows: 7, columns: 7),
        adaptive([8, 256, 14, 14], rows: 6, columns: 6),
    ]

    static let resizings: [OperationCase] = [
        bilinear([8, 64, 28, 28], rows: 56, columns: 56), bilinear([1, 3, 224, 224], rows: 512, columns: 512),
        bilinear([8, 3, 224, 224], rows: 112, columns: 112),
    ]

    static let norms: [OperationCase] = [
        batchNorm([8, 64, 56, 56]), batchNorm([32, 32, 32, 32]), batchNormInTraining([8, 64, 56, 56]),
        batchNormInTraining([32, 32, 32, 32]), groupNorm([8, 64, 56, 56], groups: 32),
        groupNorm([1, 320, 64, 64], groups: 32), groupNorm([1, 512, 1000], groups: 512),
    ]

    private static func maximum(_ x: Shape, kernel: Int, stride: Int, padding: Int = 0) -> OperationCase {
        OperationCase("maxpool-\(x.name)-k\(kernel)s\(stride)p\(padding)", [x]) {
            try maximumPooling2D(
                $0[0], kernel: (kernel, kernel), stride: (stride, stride), padding: (padding, padding))
        }
    }

    private static func average(_ x: Shape, kernel: Int, stride: Int, padding: Int = 0) -> OperationCase {
        OperationCase("avgpool-\(x.name)-k\(kernel)s\(stride)p\(padding)", [x]) {
            try averagePooling2D(
                $0[0], kernel: (kernel, kernel), stride: (stride, stride), padding: (padding, padding))
        }
    }

    private static func adaptive(_ x: Shape, rows: Int, columns: Int) -> OperationCase {
        OperationCase("adaptiveavg-\(x.name)-r\(rows)c\(columns)", [x]) {
            try adaptiveAveragePooling2D($0[0], rows: rows, columns: columns)
        }
    }

    private static func bilinear(_ x: Shape, rows: Int, columns: Int) -> OperationCase {
        OperationCase("bilinear-\(x.name)-r\(rows)c\(columns)", [x]) {
            try $0[0].resizedBilinearly(rows: rows, columns: columns)
        }
    }

    /// By statistics that are kept: inputs are x, gain and bias.
    private static func batchNorm(_ x: Shape) -> OperationCase {
        let (mean, variance) = (Tensor.zeros([x[1]]), Tensor.ones([x[1]]))
        return OperationCase("batchnorm-\(x.name)", [x, [x[1]], [x[1]]]) {
            try $0[0].batchNormalized(mean: mean, variance: variance, gain: $0[1], bias: $0[2])
        }
    }

    /// By those of the batch, which those that are kept move towards.
    private static func batchNormInTraining(_ x: Shape) -> OperationCase {
        let (mean, variance) = (Tensor.zeros([x[1]]), Tensor.ones([x[1]]))
        return OperationCase("batchtrain-\(x.name)", [x, [x[1]], [x[1]]]) {
            var norm = BatchNorm(gain: $0[1], bias: $0[2], mean: mean, variance: variance)
            return try norm.train(on: $0[0])
        }
    }

    private static func groupNorm(_ x: Shape, groups: Int) -> OperationCase {
        OperationCase("groupnorm-\(x.name)-g\(groups)", [x, [x[1]], [x[1]]]) {
            try $0[0].groupNormalized(groupCount: groups, gain: $0[1], bias: $0[2])
        }
    }
}
