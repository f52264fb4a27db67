internal import CAttentionKernels

extension Tensor {
    /// exp(x) / Σ exp(x) along the last axis, over the entries that `visible` admits; the others are exactly 0.
    ///
    /// The maximum of the admitted entries is subtracted first. A row that admits nothing is all zeros, and so is its gradient.
    /// - Throws: `ShapeError` if the mask does not fit.
    public func softmax(visible: Mask? = nil) throws(ShapeError) -> Tensor {
        guard shape.rank >= 1 else {
            throw ShapeError("softmax", expected: "at least one axis", found: "\(shape)")
        }
        if let visible, visible.shape.rank == 0 || visible.shape.broadcast(with: shape) != shape {
            throw ShapeError("softmax", expected: "a mask that fits \(shape)", found: "\(visible.shape)")
        }
        let columns = shape[-1]
        let rows = columns == 0 ? 0 : shape.elementCount / columns
        let mask = visible?.fillingRows(columns)
        let offsets = mask?.rowOffsets(in: shape)
        let grain = max(1, 8192 / max(columns, 1))
        let output = Tensor(shape: shape) { out in
            withElements { x in
                Parallel.forEachChunk(of: rows, grain: grain) { range in
                    guard let mask, let offsets else {
                        let start = range.lowerBound * columns
                        return kernels.softmax_rows(
                            out + start, nil, x + start, nil, range.count, columns, columns, columns, 0)
                    }
                    mask.bytes.withUnsafeBufferPointer { bytes in
                        guard let bytes = bytes.baseAddress else { return }
                        for row in range {
                            let start = row * columns
                            kernels.softmax_rows(
                                out + start, nil, x + start, bytes + offsets[row], 1, columns, columns, columns, 0)
                        }
                    }
                }
            }
        }
        return output.derived(from: self) { upstream, gradients in
            gradients.add(
                Tensor(shape: shape) { out in
                    output.withElements { y in
                        upstream.withElements { upstream in
                            Parallel.forEachChunk(of: rows, grain: grain) { range in
                                let start = range.lowerBound * columns
                                kernels.softmax_rows_backward(
                                    out + start, y + start, upstream + start, range.count, columns)
                            }
                        }
                    }
                }, to: self)
        }
    }

    /// x − ln Σ exp(x) along the last axis. dx = dy − softmax(x) Σ dy.
    /// - Throws: `ShapeError` if there is no axis.
    public func logSoftmax() throws(ShapeError) -> Tensor {
        guard shape.rank >= 1 else {
            throw ShapeError("logSoftmax", expected: "at least one axis", found: "\(shape)")
        }
        let columns = shape[-1]
        let rows = columns == 0 ? 0 : shape.elementCount / columns
        let output = Tensor(shape: shape) { out in
            withElements { x in
                Parallel.forEachChunk(of: rows, grain: max(1, 8192 / max(columns, 1))) { range in
                    for row in range {
                        let start = row * columns
                        var logSum: Float = 0
                        kernels.softmax_rows(
                            out + start, &logSum, x + start, nil, 1, columns, columns, columns, 0)
                        kernels.scale_add(out + start, x + start, 1, -logSum, columns)
                    }
                }
            }
        }
        return output.derived(from: self) { upstream, gradients in
            let sums = upstream.summed(to: Shape(shape.dimensions.dropLast() + [1]))
            gradients.add(upstream - output.exponential() * sums, to: self)
        }
    }
}
