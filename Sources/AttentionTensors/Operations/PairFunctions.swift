extension Tensor {
    /// z = f(x, y) for elements, and ∂z/∂x and ∂z/∂y as functions of x and y.
    package struct PairFunction: Sendable {
        /// A number from two.
        package typealias Rule = @Sendable (_ x: Float, _ y: Float) -> Float

        let value: Rule
        let first: Rule
        let second: Rule

        /// A function and its derivatives by the first and by the second argument.
        package init(_ value: @escaping Rule, _ first: @escaping Rule, _ second: @escaping Rule) {
            (self.value, self.first, self.second) = (value, first, second)
        }
    }

    /// A differentiable function of the elements of two tensors that has no kernel of its own; shapes as for `+`.
    ///
    /// Nothing flows back where nothing comes from, whatever the derivative is.
    /// - Precondition: the shapes fit.
    package static func combined(
        _ operation: String, _ left: Tensor, _ right: Tensor, _ function: PairFunction
    ) -> Tensor {
        let (x, y) = matched(operation, left, right)
        return x.zipped(y, function.value).derived(from: left, right) { upstream, gradients in
            gradients.add(upstream.scaled(by: x.zipped(y, function.first)).summed(to: left.shape), to: left)
            gradients.add(upstream.scaled(by: x.zipped(y, function.second)).summed(to: right.shape), to: right)
        }
    }

    private func scaled(by slopes: Tensor) -> Tensor { zipped(slopes) { $0 == 0 ? 0 : $0 * $1 } }

    /// This function of the elements of two tensors of one shape. Not part of the graph.
    private func zipped(_ other: Tensor, _ function: (Float, Float) -> Float) -> Tensor {
        Tensor(shape: shape) { out in
            withElements { x in
                other.withElements { y in
                    Parallel.forEachChunk(of: shape.elementCount, grain: 4096) { range in
                        for index in range { out[index] = function(x[index], y[index]) }
                    }
                }
            }
        }
    }
}
