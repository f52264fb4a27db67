extension Tensor {
    /// A differentiable function of every element that has no kernel of its own: y = f(x), with f′ as a function of x and y.
    package func mapped(
        _ function: (_ x: Float) -> Float, derivative: @escaping @Sendable (_ x: Float, _ y: Float) -> Float
    ) -> Tensor {
        let input = contiguous().detached()
        let count = shape.elementCount
        let output = Tensor(shape: shape) { out in
            input.withElements { x in for index in 0..<count { out[index] = function(x[index]) } }
        }
        let image = output
        return output.derived(from: self) { upstream, gradients in
            gradients.add(
                Tensor(shape: input.shape) { out in
                    upstream.withElements { upstream in
                        input.withElements { x in
                            image.withElements { y in
                                for index in 0..<count { out[index] = upstream[index] * derivative(x[index], y[index]) }
                            }
                        }
                    }
                }, to: self)
        }
    }
}
