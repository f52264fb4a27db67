internal import Glibc

extension Tensor {
    /// ln Σ exp(x) along the last axis, over the entries that `visible` admits; −∞ for a row that admits nothing. dx = softmax(x) dy.
    /// - Throws: `ShapeError` if there is no axis or the mask does not fit.
    public func logSumExp(visible: Mask? = nil) throws(ShapeError) -> Tensor {
        let rows = try VisibleRows(of: shape, visible, in: "logSumExp")
        let width = shape[-1]
        let sums = Tensor.full(-.infinity, Shape(shape.dimensions.dropLast()))
        withElements { x in
            rows.visit { start, columns in
                let maximum = columns.reduce(-Double.infinity) { max($0, Double(x[start + $1])) }
                let sum = columns.reduce(0) { $0 + exp(Double(x[start + $1]) - maximum) }
                sums.storage.elements[start / width] = Float(maximum + log(sum))
            }
        }
        let weights = try detached().softmax(visible: visible)
        return sums.derived(from: self) { upstream, gradients in
            gradients.add(upstream.unsqueezed(axis: -1) * weights, to: self)
        }
    }
}
