import AttentionTensors

/// How a grid gets other numbers of rows and columns, by cubic convolution (Keys 1981, *Cubic Convolution Interpolation for Digital Image
/// Processing*, eq. 8): place y of the new grid is place (y + ½) h / H − ½ of the old one.
public enum CubicInterpolation: Sendable, Hashable {
    /// From four neighbours, with a = −¾; beyond the edge stands what is at the edge. torch's `interpolate(mode: "bicubic")`.
    case sampled
    /// From as many as a place of a smaller grid stands for, with a = −½; what is beyond the edge does not count. The same with `antialias`.
    case filtered

    private var a: Float { self == .sampled ? -0.75 : -0.5 }

    /// How much each old place along an axis counts for each new one, [new, old].
    fileprivate func weights(from oldCount: Int, to newCount: Int) -> Tensor {
        let scale = Float(oldCount) / Float(newCount)
        return Tensor(shape: [newCount, oldCount]) { out in
            out.update(repeating: 0, count: newCount * oldCount)
            for place in 0..<newCount {
                let row = out + place * oldCount
                let centre = (Float(place) + 0.5) * scale
                switch self {
                case .sampled:
                    let first = (centre - 0.5).rounded(.down)
                    for tap in -1...2 {
                        row[min(max(Int(first) + tap, 0), oldCount - 1)] += weight(centre - 0.5 - first - Float(tap))
                    }
                case .filtered:
                    let width = max(scale, 1)
                    let low = max(Int(centre - 2 * width + 0.5), 0)
                    let high = min(Int(centre + 2 * width + 0.5), oldCount)
                    var sum: Float = 0
                    for old in low..<max(low, high) {
                        row[old] = weight((Float(old) + 0.5 - centre) / width)
                        sum += row[old]
                    }
                    for old in low..<max(low, high) where sum != 0 { row[old] /= sum }
                }
            }
        }
    }

    /// At this distance.
    private func weight(_ distance: Float) -> Float {
        let x = abs(distance)
        return x <= 1
            ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    }
}

extension Tensor {
    /// A grid of vectors [h, w, M] at another number of rows and columns, [H, W, M].
    /// - Throws: `ShapeError` unless there are three axes.
    func resized(height: Int, width: Int, _ interpolation: CubicInterpolation) throws(ShapeError) -> Tensor {
        guard shape.rank == 3 else {
            throw ShapeError("resized", expected: "a grid [h, w, M]", found: "\(shape)")
        }
        let (rows, columns, size) = (shape[0], shape[1], shape[2])
        let tall = try matmul(
            interpolation.weights(from: rows, to: height), try reshaped(to: [rows, columns * size]))
        let turned = try tall.reshaped(to: [height, columns, size]).transposed(0, 1).reshaped(to: [columns, -1])
        return try matmul(interpolation.weights(from: columns, to: width), turned)
            .reshaped(to: [width, height, size]).transposed(0, 1)
    }
}
