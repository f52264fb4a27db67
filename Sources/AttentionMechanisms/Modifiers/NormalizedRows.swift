package import AttentionTensors

/// What a vector is divided by.
public enum VectorNorm: String, Sendable, Hashable, CaseIterable {
    /// x / max(|x|, ε).
    case l2
    /// x / √(mean x² + ε).
    case rms
    /// (x − mean) / √(variance + ε).
    case layer
}

extension Tensor {
    /// Every vector along the last axis in this norm: y = (x − μ) s, with μ = 0 but for `layer`.
    package func normalizedRows(_ norm: VectorNorm, epsilon: Float) -> Tensor {
        let size = shape[-1]
        let rows = shape.elementCount / max(size, 1)
        let grain = max(1, 8192 / max(size, 1))
        let factors = Tensor(shape: [rows]) { _ in }
        // Where |x| ≤ ε, the l2 norm divides by a constant.
        let follows = Tensor(shape: [rows]) { _ in }
        let output = Tensor(shape: shape) { out in
            withElements { x in
                let (factors, follows) = (factors.storage.elements, follows.storage.elements)
                Parallel.forEachChunk(of: rows, grain: grain) { range in
                    for row in range {
                        let line = UnsafeBufferPointer(start: x + row * size, count: size)
                        let scale = RowScale(of: line, norm, epsilon: epsilon)
                        factors[row] = scale.factor
                        follows[row] = scale.followsLength ? 1 : 0
                        for column in 0..<size { out[row * size + column] = (line[column] - scale.mean) * scale.factor }
                    }
                }
            }
        }
        // dx = s (dy − [mean dy] − y ⟨y, dy⟩ / n), n = 1 for l2, whose y has length 1 rather than √D.
        return output.derived(from: self) { upstream, gradients in
            let dx = Tensor(shape: shape) { out in
                output.withElements { y in
                    upstream.withElements { dy in
                        let (factors, follows) = (factors.storage.elements, follows.storage.elements)
                        Parallel.forEachChunk(of: rows, grain: grain) { range in
                            for row in range {
                                let (y, dy, dx) = (y + row * size, dy + row * size, out + row * size)
                                let columns = 0..<size
                                let mean = norm == .layer ? columns.reduce(0) { $0 + dy[$1] } / Float(size) : 0
                                let product = columns.reduce(0) { $0 + y[$1] * dy[$1] }
                                let share = follows[row] * product / (norm == .l2 ? 1 : Float(size))
                                for column in columns {
                                    dx[column] = factors[row] * (dy[column] - mean - y[column] * share)
                                }
                            }
                        }
                    }
                }
            }
            gradients.add(dx, to: self)
        }
    }
}

/// What is taken from a vector, and what it is multiplied by.
private struct RowScale {
    let mean: Float
    let factor: Float
    /// Whether the factor changes with the vector.
    let followsLength: Bool

    init(of x: UnsafeBufferPointer<Float>, _ norm: VectorNorm, epsilon: Float) {
        let count = Double(x.count)
        let mean = norm == .layer ? x.reduce(0) { $0 + Double($1) } / count : 0
        let squares = x.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        self.mean = Float(mean)
        switch norm {
        case .l2:
            followsLength = squares.squareRoot() > Double(epsilon)
            factor = Float(1 / max(squares.squareRoot(), Double(epsilon)))
        case .rms, .layer:
            followsLength = true
            factor = Float(1 / (squares / count + Double(epsilon)).squareRoot())
        }
    }
}
