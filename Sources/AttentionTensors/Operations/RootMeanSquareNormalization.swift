internal import CAttentionKernels

extension Tensor {
    /// x / √(mean x² + ε) · gain over the last axis (Zhang & Sennrich 2019, *Root Mean Square Layer Normalization*, eq. 4).
    ///
    /// - Throws: `ShapeError` unless the gain is a vector of the last axis' size.
    public func rootMeanSquareNormalized(gain: Tensor, epsilon: Float = 1e-6) throws(ShapeError) -> Tensor {
        guard shape.rank >= 1, gain.shape == [shape[-1]] else {
            throw ShapeError(
                "rootMeanSquareNormalized", expected: "a gain of the last size of \(shape)", found: "\(gain.shape)")
        }
        let size = shape[-1]
        let rows = shape.elementCount / max(size, 1)
        let x = contiguous().detached()
        let inverseDeviation = Storage(count: rows)
        let output = Tensor(shape: shape) { out in
            x.withElements { x in
                gain.withElements { gain in
                    Parallel.forEachChunk(of: rows, grain: max(1, 8192 / max(size, 1))) { range in
                        let (row, start) = (range.lowerBound, range.lowerBound * size)
                        kernels.rms_norm(
                            out + start, inverseDeviation.elements + row, x + start, gain, epsilon, range.count, size)
                    }
                }
            }
        }
        return output.derived(from: self, gain) { upstream, gradients in
            let pieces = RowPieces(rows)
            let partial = Tensor.zeros([pieces.count, size])
            let dx = Tensor(shape: shape) { out in
                x.withElements { x in
                    gain.withElements { gain in
                        upstream.withElements { upstream in
                            pieces.concurrently { piece, range in
                                let (row, start) = (range.lowerBound, range.lowerBound * size)
                                kernels.rms_norm_backward(
                                    out + start, partial.storage.elements + piece * size, x + start,
                                    inverseDeviation.elements + row, gain, upstream + start, range.count, size)
                            }
                        }
                    }
                }
            }
            gradients.add(dx, to: self)
            gradients.add(partial.summed(to: [1, size]).viewed(as: [size]), to: gain)
        }
    }
}
