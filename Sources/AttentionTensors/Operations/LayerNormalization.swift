internal import CAttentionKernels

extension Tensor {
    /// (x − mean) / √(variance + ε) · gain + bias over the last axis, with the biased variance (Ba, Kiros & Hinton 2016, eq. 4).
    ///
    /// - Throws: `ShapeError` unless gain and bias are vectors of the last axis' size.
    public func layerNormalized(gain: Tensor, bias: Tensor, epsilon: Float = 1e-5) throws(ShapeError) -> Tensor {
        guard shape.rank >= 1, gain.shape == [shape[-1]], bias.shape == gain.shape else {
            throw ShapeError(
                "layerNormalized", expected: "a gain and a bias of the last size of \(shape)",
                found: "\(gain.shape) and \(bias.shape)")
        }
        let size = shape[-1]
        let rows = shape.elementCount / max(size, 1)
        let grain = max(1, 8192 / max(size, 1))
        let x = contiguous().detached()
        let (mean, inverseDeviation) = (Storage(count: rows), Storage(count: rows))
        let output = Tensor(shape: shape) { out in
            x.withElements { x in
                gain.withElements { gain in
                    bias.withElements { bias in
                        Parallel.forEachChunk(of: rows, grain: grain) { range in
                            let (row, start) = (range.lowerBound, range.lowerBound * size)
                            kernels.layer_norm(
                                out + start, mean.elements + row, inverseDeviation.elements + row, x + start, gain,
                                bias,
                                epsilon, range.count, size)
                        }
                    }
                }
            }
        }
        return output.derived(from: self, gain, bias) { upstream, gradients in
            // Fixed pieces, whatever the thread count, so that the sums over rows always add up in the same order.
            let pieceCount = max(1, min(16, rows / 64))
            let pieceSize = (rows + pieceCount - 1) / max(pieceCount, 1)
            let partial = Tensor.zeros([pieceCount, 2, size])
            let dx = Tensor(shape: shape) { out in
                x.withElements { x in
                    gain.withElements { gain in
                        upstream.withElements { upstream in
                            Parallel.forEach(pieceCount) { piece in
                                let first = piece * pieceSize
                                let count = min(rows, first + pieceSize) - first
                                guard count > 0 else { return }
                                let sums = partial.storage.elements + piece * 2 * size
                                kernels.layer_norm_backward(
                                    out + first * size, sums, sums + size, x + first * size, mean.elements + first,
                                    inverseDeviation.elements + first, gain, upstream + first * size, count, size)
                            }
                        }
                    }
                }
            }
            gradients.add(dx, to: self)
            let sums = partial.summed(to: [1, 2, size])
            gradients.add(sums.viewed(as: [2, size]).row(0), to: gain)
            gradients.add(sums.viewed(as: [2, size]).row(1), to: bias)
        }
    }

    /// One row of a matrix, outside the graph.
    func row(_ index: Int) -> Tensor {
        Tensor(shape: [shape[1]], strides: [strides[1]], offset: offset + index * strides[0], storage: storage)
    }
}
