internal import AttentionTensors

extension Tensor {
    /// j − p for every query and key, [Q, K].
    static func distances(queryCount: Int, keyCount: Int, offset: Int) -> Tensor {
        Tensor(shape: [queryCount, keyCount]) { out in
            for i in 0..<queryCount {
                for j in 0..<keyCount { out[i * keyCount + j] = Float(j - i - offset) }
            }
        }
    }

    /// The absolute values, as a constant.
    var absolute: Tensor { mappedConstant(abs) }

    /// `transform` of every element, as a constant.
    func mappedConstant(_ transform: (Float) -> Float) -> Tensor {
        Tensor(shape: shape) { out in
            withElements { x in
                for index in 0..<shape.elementCount { out[index] = transform(x[index]) }
            }
        }
    }
}
