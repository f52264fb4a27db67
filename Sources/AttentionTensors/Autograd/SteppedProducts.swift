internal import CAttentionKernels

/// A weight's gradient Aᵀ B, of which the rows come step by step: one product over the rows of all steps reads and writes the gradient
/// once, where one for each step would do so every time.
struct SteppedProduct: Sendable {
    let weight: Tensor
    let precision: Precision
    private(set) var rowCount: Int
    private var a: [Tensor]
    private var b: [Tensor]

    /// Up to how many rows a product is taken for a step of many.
    static let rowLimit = 256

    /// So many rows are worth a product of their own; to wait for more would only take memory.
    private static let enoughRows = 2048

    /// A step, A [rows, O] and B [rows, I].
    init(weight: Tensor, precision: Precision, _ a: Tensor, _ b: Tensor) {
        (self.weight, self.precision, rowCount, self.a, self.b) = (weight, precision, a.shape[0], [a], [b])
    }

    /// Takes in the rows of another step; false if they are computed differently, or these are enough already.
    mutating func append(_ step: SteppedProduct) -> Bool {
        guard precision == step.precision, rowCount < Self.enoughRows else { return false }
        rowCount += step.rowCount
        a += step.a
        b += step.b
        return true
    }

    /// Writes Aᵀ B [O, I], or adds it.
    func write(_ out: UnsafeMutablePointer<Float>, accumulate: Bool) {
        let (outputSize, inputSize) = (weight.shape[0], weight.shape[1])
        stackedRows(a).withElements { a in
            stackedRows(b).withElements { b in
                multiply(
                    attn_product(
                        rows: outputSize, columns: inputSize, depth: rowCount, a: a, aStrides: (1, outputSize), b: b,
                        bStrides: (inputSize, 1), c: out, accumulate: accumulate), precision)
            }
        }
    }

    private func stackedRows(_ parts: [Tensor]) -> Tensor {
        guard parts.count > 1 else { return parts[0] }
        return Tensor(shape: [rowCount, parts[0].shape[1]]) { out in
            var next = out
            for part in parts {
                part.withElements { next.update(from: $0, count: part.shape.elementCount) }
                next += part.shape.elementCount
            }
        }
    }
}
