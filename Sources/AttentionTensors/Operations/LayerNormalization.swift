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
            let pieces = RowPieces(rows)
            let partial = Tensor.zeros([pieces.count, 2, size])
            let dx = Tensor(shape: shape) { out in
                x.withElements { x in
                    gain.withElements { gain in
                        upstream.withElements { upstream in
                            pieces.concurrently { piece, range in
                                let (row, start) = (range.lowerBound, range.lowerBound * size)
                                let sums = partial.storage.elements + piece * 2 * size
                                kernels.layer_norm_backward(
                                    out + start, sums, sums + size, x + start, mean.elements + row,
                                    inverseDeviation.elements + row, gain, upstream + start, range.count, size)
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

/// Rows in fixed pieces, whatever the thread count, so that sums over all of them always add up in the same order.
struct RowPieces {
    let count: Int
    private let rows: Int

    init(_ rows: Int) {
        count = max(1, min(16, rows / 64))
        self.rows = rows
    }

    /// Calls `body` with the number and the rows of each piece, on the team.
    func concurrently(_ body: (Int, Range<Int>) -> Void) {
        Parallel.forEach(count) { piece in body(piece, rows * piece / count..<rows * (piece + 1) / count) }
    }
}
