import AttentionTensors

extension Tensor {
    /// A grid of vectors [h, w, M] at another number of rows and columns, [H, W, M], by cubic convolution (Keys 1981, *Cubic Convolution
    /// Interpolation for Digital Image Processing*, eq. 15, a = −¾), as torch's `interpolate(mode: "bicubic", align_corners: False)` does it:
    /// place y of the new grid is place (y + ½) h / H − ½ of the old one; beyond the edge stands what is at the edge.
    /// - Throws: `ShapeError` unless there are three axes.
    func resizedBicubically(height: Int, width: Int) throws(ShapeError) -> Tensor {
        guard shape.rank == 3 else {
            throw ShapeError("resizedBicubically", expected: "a grid [h, w, M]", found: "\(shape)")
        }
        let (rows, columns, size) = (shape[0], shape[1], shape[2])
        let tall = try matmul(CubicWeights(from: rows, to: height).matrix, try reshaped(to: [rows, columns * size]))
        let turned = try tall.reshaped(to: [height, columns, size]).transposed(0, 1).reshaped(to: [columns, -1])
        return try matmul(CubicWeights(from: columns, to: width).matrix, turned)
            .reshaped(to: [width, height, size]).transposed(0, 1)
    }
}

/// How much each old place along an axis counts for each new one.
private struct CubicWeights {
    /// [new, old].
    let matrix: Tensor

    init(from oldCount: Int, to newCount: Int) {
        let scale = Float(oldCount) / Float(newCount)
        matrix = Tensor(shape: [newCount, oldCount]) { out in
            out.update(repeating: 0, count: newCount * oldCount)
            for place in 0..<newCount {
                let source = (Float(place) + 0.5) * scale - 0.5
                let first = source.rounded(.down)
                for tap in -1...2 {
                    let old = min(max(Int(first) + tap, 0), oldCount - 1)
                    out[place * oldCount + old] += Self.weight(abs(source - first - Float(tap)))
                }
            }
        }
    }

    /// At this distance.
    private static func weight(_ x: Float) -> Float {
        let a: Float = -0.75
        return x <= 1
            ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }
}
