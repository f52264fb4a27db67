extension Tensor {
    /// The entries that `visible` admits; the others are exactly 0, whatever they were, and no gradient flows to them.
    /// - Throws: `ShapeError` if the mask does not fit.
    package func keeping(_ visible: Mask) throws(ShapeError) -> Tensor {
        guard shape.rank >= 1, visible.shape.rank >= 1, visible.shape.broadcast(with: shape) == shape else {
            throw ShapeError("keeping", expected: "a mask that fits \(shape)", found: "\(visible.shape)")
        }
        return kept(by: visible).derived(from: self) { upstream, gradients in
            gradients.add(upstream.kept(by: visible), to: self)
        }
    }

    private func kept(by visible: Mask) -> Tensor {
        let columns = shape[-1]
        let step = visible.shape[-1] == 1 ? 0 : 1
        return Tensor(shape: shape) { out in
            withElements { x in
                for (row, start) in visible.rowOffsets(in: shape).enumerated() {
                    for column in 0..<columns {
                        let index = row * columns + column
                        out[index] = visible.bytes[start + column * step] == 0 ? 0 : x[index]
                    }
                }
            }
        }
    }
}
