extension Tensor {
    /// x where the mask is true, y elsewhere (numpy and PyTorch: `where`).
    ///
    /// Mask, x and y are aligned at their last axes and repeated to their common shape, as for `+`. What is not chosen reaches neither the
    /// result nor a gradient, not even NaN.
    /// - Throws: `ShapeError` if the shapes do not fit each other.
    public static func select(where mask: Mask, _ x: Tensor, else y: Tensor) throws(ShapeError) -> Tensor {
        guard let pair = x.shape.broadcast(with: y.shape), let shape = pair.broadcast(with: mask.shape) else {
            throw ShapeError(
                "select", expected: "a mask and two tensors that fit each other",
                found: "\(mask.shape), \(x.shape) and \(y.shape)",
                wayOut: "align the last axes; sizes must agree or be 1")
        }
        let choice = Choice(bytes: try mask.expanded(to: shape).bytes, shape: shape)
        return choice.between(try x.detached().expanded(to: shape), try y.detached().expanded(to: shape))
            .derived(from: x, y) { upstream, gradients in
                let nothing = Tensor.zeros(shape)
                gradients.add(choice.between(upstream, nothing).summed(to: x.shape), to: x)
                gradients.add(choice.between(nothing, upstream).summed(to: y.shape), to: y)
            }
    }
}

/// One byte for each element of a shape: not 0 for the first of two tensors, 0 for the second.
private struct Choice: Sendable {
    let bytes: [UInt8]
    let shape: Shape

    func between(_ first: Tensor, _ second: Tensor) -> Tensor {
        Tensor(shape: shape) { out in
            first.withElements { x in
                second.withElements { y in
                    Parallel.forEachChunk(of: bytes.count, grain: 16384) { range in
                        for index in range { out[index] = bytes[index] != 0 ? x[index] : y[index] }
                    }
                }
            }
        }
    }
}
