public import AttentionTensors
internal import CAttentionKernels
internal import Glibc

/// Adafactor: the second moment of a matrix [R, C] is kept as R row means and C column means (Shazeer & Stern 2018, algorithms 4 and 5).
/// With G the gradient of step t, over each of the last two axes of a tensor:
///
///     β = 1 − t^exponent
///     r ← β r + (1 − β) mean over columns of (G² + ε)
///     c ← β c + (1 − β) mean over rows of (G² + ε)
///     V = r cᵀ / mean r               vectors: V ← β V + (1 − β)(G² + ε)
///     U = G / √V                      Û = U / max(1, RMS(U) / limit)
///     W ← W − α · Û − rate · decay · W
///
/// The step α is the rate, or follows the parameter's size: see `StepSize`. No mean of gradients is kept, as in the paper.
public struct Adafactor: Optimizer {
    /// How long a step is.
    public enum StepSize: Sendable, Hashable, Codable {
        /// α = rate.
        case absolute
        /// α = max(least, RMS(W)) · min(rate, 1 / √t): the paper's with a rate of 10⁻² and a least size of 10⁻³ (algorithm 5).
        case relative(least: Float = 1e-3)
    }

    /// `adafactor`.
    public static let name = "adafactor"
    /// How long a step is.
    public let stepSize: StepSize
    /// The power of t by which second moments forget less and less (section 7.2).
    public let exponent: Float
    /// d, how large an update may be before it is scaled down (section 5).
    public let limit: Float
    /// ε₁, added to squared gradients.
    public let epsilon: Float
    /// λ, multiplied by the rate.
    public let decay: WeightDecay
    /// Steps and second moments so far.
    public var state = OptimizerState()

    /// The defaults of the paper, with steps as long as the schedule says.
    public init(
        stepSize: StepSize = .absolute, exponent: Float = -0.8, limit: Float = 1, epsilon: Float = 1e-30,
        decay: WeightDecay = .zero
    ) {
        self.stepSize = stepSize
        self.exponent = exponent
        self.limit = limit
        self.epsilon = epsilon
        self.decay = decay
    }

    /// r and c of matrices, V of vectors and scalars.
    public func memory(of shape: Shape, named name: String) -> [ParameterMemory] {
        guard shape.rank >= 2 else { return [ParameterMemory("second", shape)] }
        let leading = Array(shape.dimensions.dropLast(2))
        return [
            ParameterMemory("rows", Shape(leading + [shape[-2]])),
            ParameterMemory("columns", Shape(leading + [shape[-1]])),
        ]
    }

    /// The formulas above.
    public func step(_ weights: inout Tensor, remembering memory: inout [Tensor], _ step: ParameterStep) {
        let count = weights.shape.elementCount
        guard count > 0 else { return }
        let forgotten = Float(pow(Double(step.number), Double(exponent)))
        let update = memory.count == 1 ? whole(&memory, step, forgotten) : factored(&memory, step, forgotten)
        let size = (update.sumOfSquares() / Double(count)).squareRoot()
        let length = stepLength(of: weights, step) / max(1, Float(size) / limit)
        let shrink = 1 - step.rate * step.decay
        var none: [Tensor] = []
        weights.update(from: update, &none) { range, weights, update, _ in
            for index in range { weights[index] = shrink * weights[index] - length * update[index] }
        }
    }

    private func stepLength(of weights: Tensor, _ step: ParameterStep) -> Float {
        switch stepSize {
        case .absolute: return step.rate
        case .relative(let least):
            let size = (weights.sumOfSquares() / Double(weights.shape.elementCount)).squareRoot()
            return max(least, Float(size)) * min(step.rate, 1 / Float(step.number).squareRoot())
        }
    }

    /// U of a vector.
    private func whole(_ memory: inout [Tensor], _ step: ParameterStep, _ forgotten: Float) -> Tensor {
        var update = Tensor.zeros(step.gradient.shape)
        let (scale, epsilon) = (step.scale, epsilon)
        update.update(from: step.gradient, &memory) { range, update, gradient, memory in
            let second = memory[0]
            for index in range {
                let slope = scale * gradient[index]
                second[index] += forgotten * (slope * slope + epsilon - second[index])
                update[index] = slope / second[index].squareRoot()
            }
        }
        return update
    }

    /// U of each matrix of a tensor.
    private func factored(_ memory: inout [Tensor], _ step: ParameterStep, _ forgotten: Float) -> Tensor {
        let shape = step.gradient.shape
        let (rowCount, columnCount) = (shape[-2], shape[-1])
        var update = Tensor.zeros(shape)
        step.gradient.withElements { gradient in
            update.withMutableElements { update in
                memory.withMutableElements { memory in
                    for matrix in 0..<shape.elementCount / (rowCount * columnCount) {
                        let start = matrix * rowCount * columnCount
                        let factors = Factors(
                            rows: memory[0] + matrix * rowCount, columns: memory[1] + matrix * columnCount,
                            rowCount: rowCount, columnCount: columnCount)
                        factors.remember(gradient + start, scale: step.scale, epsilon: epsilon, forgotten)
                        factors.divide(gradient + start, scale: step.scale, into: update + start)
                    }
                }
            }
        }
        return update
    }
}

/// r and c of one matrix.
private struct Factors {
    let rows: UnsafeMutablePointer<Float>
    let columns: UnsafeMutablePointer<Float>
    let rowCount: Int
    let columnCount: Int

    /// Takes up the squares of a gradient. Rows are summed in double precision by blocks that do not depend on the number of threads.
    func remember(_ gradient: UnsafePointer<Float>, scale: Float, epsilon: Float, _ forgotten: Float) {
        var columnSums = [Double](repeating: 0, count: columnCount)
        for row in 0..<rowCount {
            let line = gradient + row * columnCount
            let mean = Double(scale) * Double(scale) * kernels.sum_of_squares(line, columnCount) / Double(columnCount)
            rows[row] += forgotten * (Float(mean) + epsilon - rows[row])
            for column in 0..<columnCount { columnSums[column] += Double(line[column]) * Double(line[column]) }
        }
        for column in 0..<columnCount {
            let mean = Double(scale) * Double(scale) * columnSums[column] / Double(rowCount)
            columns[column] += forgotten * (Float(mean) + epsilon - columns[column])
        }
    }

    /// U = G / √(r cᵀ / mean r)
    func divide(_ gradient: UnsafePointer<Float>, scale: Float, into update: UnsafeMutablePointer<Float>) {
        let mean = Float(kernels.sum(rows, rowCount) / Double(rowCount))
        let columnFactors = (0..<columnCount).map { 1 / columns[$0].squareRoot() }
        Parallel.forEachChunk(of: rowCount, grain: max(1, 32768 / columnCount)) { range in
            for row in range {
                // r / mean r is near 1; ε alone would leave a product r c that float32 cannot hold.
                let factor = scale / (rows[row] / mean).squareRoot()
                let start = row * columnCount
                for column in 0..<columnCount {
                    update[start + column] = factor * columnFactors[column] * gradient[start + column]
                }
            }
        }
    }
}
