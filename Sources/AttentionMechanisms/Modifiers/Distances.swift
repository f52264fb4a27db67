internal import AttentionTensors

extension Tensor {
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
