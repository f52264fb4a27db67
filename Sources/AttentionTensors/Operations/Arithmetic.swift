internal import CAttentionKernels

extension Tensor {
    /// The sum; shapes are aligned at their last axes and axes of size 1 are repeated.
    public static func + (left: Tensor, right: Tensor) -> Tensor {
        let (x, y) = matched("+", left, right)
        return x.zipped(y, kernels.add).derived(from: left, right) { upstream, gradients in
            gradients.add(upstream.summed(to: left.shape), to: left)
            gradients.add(upstream.summed(to: right.shape), to: right)
        }
    }

    /// The difference; shapes as for `+`.
    public static func - (left: Tensor, right: Tensor) -> Tensor {
        let (x, y) = matched("-", left, right)
        return x.zipped(y, kernels.subtract).derived(from: left, right) { upstream, gradients in
            gradients.add(upstream.summed(to: left.shape), to: left)
            gradients.add(upstream.affine(-1, 0).summed(to: right.shape), to: right)
        }
    }

    /// The element-wise product; shapes as for `+`.
    public static func * (left: Tensor, right: Tensor) -> Tensor {
        let (x, y) = matched("*", left, right)
        return x.zipped(y, kernels.multiply).derived(from: left, right) { upstream, gradients in
            gradients.add(upstream.zipped(y, kernels.multiply).summed(to: left.shape), to: left)
            gradients.add(upstream.zipped(x, kernels.multiply).summed(to: right.shape), to: right)
        }
    }

    /// The element-wise quotient; shapes as for `+`.
    public static func / (left: Tensor, right: Tensor) -> Tensor {
        let (x, y) = matched("/", left, right)
        let quotient = x.zipped(y, kernels.divide)
        return quotient.derived(from: left, right) { upstream, gradients in
            let scaled = upstream.zipped(y, kernels.divide)
            gradients.add(scaled.summed(to: left.shape), to: left)
            gradients.add(scaled.zipped(quotient, kernels.multiply).affine(-1, 0).summed(to: right.shape), to: right)
        }
    }

    /// The negative.
    public static prefix func - (x: Tensor) -> Tensor { x * -1 }

    /// Every element times a number.
    public static func * (x: Tensor, factor: Float) -> Tensor {
        x.affine(factor, 0).derived(from: x) { upstream, gradients in gradients.add(upstream.affine(factor, 0), to: x) }
    }

    /// Every element times a number.
    public static func * (factor: Float, x: Tensor) -> Tensor { x * factor }

    /// Every element divided by a number.
    public static func / (x: Tensor, divisor: Float) -> Tensor { x * (1 / divisor) }

    /// Every element plus a number.
    public static func + (x: Tensor, term: Float) -> Tensor {
        x.affine(1, term).derived(from: x) { upstream, gradients in gradients.add(upstream, to: x) }
    }

    /// Every element minus a number.
    public static func - (x: Tensor, term: Float) -> Tensor { x + -term }

    /// A number minus every element.
    public static func - (term: Float, x: Tensor) -> Tensor { x * -1 + term }

    /// Both operands, outside the graph, expanded to their common shape.
    /// - Precondition: there is one.
    static func matched(_ operation: String, _ left: Tensor, _ right: Tensor) -> (Tensor, Tensor) {
        guard left.shape != right.shape else { return (left.detached(), right.detached()) }
        guard let shape = left.shape.broadcast(with: right.shape) else {
            let error = ShapeError(
                operation, expected: "an operand that fits \(left.shape)", found: "\(right.shape)",
                wayOut: "align the last axes; sizes must agree or be 1")
            preconditionFailure(error.description)
        }
        return (left.repeated(to: shape), right.repeated(to: shape))
    }

    /// An expansion that is known to fit, outside the graph, row-major.
    private func repeated(to target: Shape) -> Tensor {
        guard shape != target else { return detached() }
        let leading = target.rank - shape.rank
        let steps = (0..<target.rank).map { axis in
            axis < leading || (shape[axis - leading] == 1 && target[axis] != 1) ? 0 : strides[axis - leading]
        }
        return Tensor(shape: target, strides: steps, offset: offset, storage: storage)
    }
}
