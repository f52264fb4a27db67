internal import CAttentionKernels

/// The class to be predicted for each row, or `nil` where there is nothing to predict (padding).
private func checked(_ targets: [Int?], classCount: Int, operation: String) throws(ShapeError) -> [Int32] {
    if let outside = targets.first(where: { $0.map { $0 < 0 || $0 >= classCount } ?? false }), let outside {
        throw ShapeError(operation, expected: "classes below \(classCount)", found: "\(outside)")
    }
    return targets.map { $0.map(Int32.init) ?? -1 }
}

extension Tensor {
    /// The sum over rows of the cross-entropy between these logits [N, C] and the targets, with label smoothing ε:
    /// Σ (1 − ε)(lse x − x_target) + ε (lse x − mean x) (Szegedy et al. 2016, sec. 7). Rows with a nil target count nothing.
    ///
    /// - Throws: `ShapeError` if there is not one target per row, or one is not a class.
    public func crossEntropy(targets: [Int?], smoothing: Float = 0) throws(ShapeError) -> Tensor {
        guard shape.rank == 2, shape[0] == targets.count else {
            throw ShapeError("crossEntropy", expected: "one target per row of \(shape)", found: "\(targets.count)")
        }
        let classes = try checked(targets, classCount: shape[1], operation: "crossEntropy")
        let gradient = isTracked ? Tensor(shape: shape) { _ in } : nil
        let losses = Tensor(shape: [targets.count]) { losses in
            withElements { logits in
                crossEntropyRows(
                    losses: losses, gradient: gradient?.storage.elements, logits: logits, classes,
                    smoothing: smoothing, classCount: shape[1])
            }
        }
        return losses.sum().derived(from: self) { upstream, gradients in
            if let gradient { gradients.add(gradient.affine(upstream.scalar, 0), to: self) }
        }
    }
}

/// `x.linear(weight, bias).crossEntropy(targets)` without ever holding all logits: rows are taken in blocks that stay in the cache,
/// and their gradients are computed on the way, since a vocabulary's logits are the largest array of a small model.
///
/// x [N, M], weight [V, M], bias [V] → the scalar sum of losses. Gradients are ready when this returns; `gradients()` only scales them.
/// - Throws: `ShapeError` if shapes or targets do not fit.
public func linearCrossEntropy(
    _ x: Tensor, weight: Parameter, bias: Parameter? = nil, targets: [Int?], smoothing: Float = 0
) throws(ShapeError) -> Tensor {
    let (weight, bias) = (WeightMatrix(weight), bias?.tensor)
    guard x.shape.rank == 2, weight.shape.rank == 2, x.shape[1] == weight.shape[1], x.shape[0] == targets.count,
        bias.map({ $0.shape == [weight.shape[0]] }) ?? true
    else {
        throw ShapeError(
            "linearCrossEntropy", expected: "inputs [N, M] with N targets, weight [V, M] and bias [V]",
            found: "\(x.shape), \(targets.count) targets, \(weight.shape)\(bias.map { " and \($0.shape)" } ?? "")")
    }
    let classes = try checked(targets, classCount: weight.shape[0], operation: "linearCrossEntropy")
    let blocks = ClassifierBlocks(x: x.detached(), weight: weight, bias: bias?.contiguous().detached())
    let inputs = [x, weight.tracked, bias].compactMap { $0 }
    guard inputs.contains(where: \.isTracked) else {
        return Tensor(blocks.loss(classes, smoothing: smoothing, gradients: nil))
    }
    let parts = ClassifierGradients(x: x.shape, weight: weight.shape)
    let loss = Tensor(blocks.loss(classes, smoothing: smoothing, gradients: parts))
    return loss.derived(from: inputs) { upstream, gradients in
        let scale = upstream.scalar
        gradients.add(scale == 1 ? parts.x : parts.x.affine(scale, 0), to: x)
        if let learned = weight.tracked {
            gradients.add(scale == 1 ? parts.weight : parts.weight.affine(scale, 0), to: learned)
        }
        if let bias { gradients.add(parts.bias.affine(scale, 0), to: bias) }
    }
}

private struct ClassifierGradients: Sendable {
    let x: Tensor
    let weight: Tensor
    let bias: Tensor

    init(x: Shape, weight: Shape) {
        self.x = .zeros(x)
        self.weight = .zeros(weight)
        bias = .zeros([weight[0]])
    }
}

private struct ClassifierBlocks {
    let x: Tensor
    let weight: WeightMatrix
    let bias: Tensor?
    let precision = Precision.current.withoutWeights

    /// About 32 MB of logits at a time: enough rows that going through the weight's gradient costs little beside their products.
    private var blockSize: Int { max(64, (8 << 20) / max(weight.outputSize, 1)) }

    func loss(_ classes: [Int32], smoothing: Float, gradients: ClassifierGradients?) -> Float {
        let (rows, size, classCount) = (x.shape[0], x.shape[1], weight.outputSize)
        let logits = Storage(count: min(rows, blockSize) * classCount)
        let losses = Tensor.zeros([rows])
        let packed = (
            forward: weight.packed(.forward, precision),
            backward: gradients.map { _ in weight.packed(.backward, precision) }
        )
        x.withElements { x in
            for first in stride(from: 0, to: rows, by: blockSize) {
                let count = min(blockSize, rows - first)
                let block = Array(classes[first..<first + count])
                withExtendedLifetime(bias) {
                    // B is packed already, and read from there.
                    var forward = attn_product(
                        rows: count, columns: classCount, depth: size, a: x + first * size, aStrides: (size, 1), b: x,
                        bStrides: (1, size), c: logits.elements)
                    forward.bias = bias.map { UnsafePointer($0.storage.elements + $0.offset) }
                    multiply(forward, by: packed.forward)
                }
                crossEntropyRows(
                    losses: losses.storage.elements + first, gradient: gradients == nil ? nil : logits.elements,
                    logits: logits.elements, block, smoothing: smoothing, classCount: classCount)
                guard let gradients, let packedWeight = packed.backward else { continue }
                multiply(
                    attn_product(
                        rows: count, columns: size, depth: classCount, a: logits.elements, aStrides: (classCount, 1),
                        b: x, bStrides: (size, 1), c: gradients.x.storage.elements + first * size), by: packedWeight)
                multiply(
                    attn_product(
                        rows: classCount, columns: size, depth: count, a: logits.elements,
                        aStrides: (1, classCount), b: x + first * size, bStrides: (size, 1),
                        c: gradients.weight.storage.elements, accumulate: true), precision)
                if bias != nil {
                    kernels.column_sums(
                        gradients.bias.storage.elements, logits.elements, count, classCount, classCount)
                }
            }
        }
        return losses.sum().scalar
    }
}

/// Cross-entropy of each row, in parallel; `gradient` may be the logits themselves.
private func crossEntropyRows(
    losses: UnsafeMutablePointer<Float>, gradient: UnsafeMutablePointer<Float>?, logits: UnsafePointer<Float>,
    _ classes: [Int32], smoothing: Float, classCount: Int
) {
    classes.withUnsafeBufferPointer { classes in
        guard let base = classes.baseAddress else { return }
        Parallel.forEachChunk(of: classes.count, grain: max(1, 16384 / max(classCount, 1))) { range in
            let start = range.lowerBound * classCount
            kernels.cross_entropy(
                losses + range.lowerBound, gradient.map { $0 + start }, logits + start, base + range.lowerBound,
                smoothing, range.count, classCount)
        }
    }
}
