internal import CAttentionKernels

/// An element-wise function fused into the product before it.
public enum Activation: String, Sendable, Codable, CaseIterable {
    /// x
    case identity
    /// max(x, 0)
    case relu
    /// x Φ(x), by the error function, not its approximation by tanh; fused within 2⁻²² |x|, on its own within 2 units in the last place
    case gelu
    /// x σ(x)
    case silu
    /// tanh x
    case tanh

    fileprivate var kernel: attn_activation {
        switch self {
        case .identity: attn_activation_none
        case .relu: attn_activation_relu
        case .gelu: attn_activation_gelu
        case .silu: attn_activation_silu
        case .tanh: attn_activation_tanh
        }
    }

    /// Applied to a tensor on its own.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        switch self {
        case .identity: x
        case .relu: x.relu()
        case .gelu: x.gelu()
        case .silu: x.silu()
        case .tanh: x.hyperbolicTangent()
        }
    }

    /// Whether the derivative can be told from the output alone, so that the sum before the activation need not be kept. What is dropped
    /// leaves 0, where the derivative is 0 anyway; but scaling and adding hide a tanh.
    fileprivate func isReadFromOutput(after dropout: Dropout?, _ residual: Tensor?) -> Bool {
        switch self {
        case .identity: true
        case .relu: residual == nil
        case .tanh: residual == nil && dropout == nil
        case .gelu, .silu: false
        }
    }

    fileprivate func backward(output: Tensor, upstream: Tensor) -> Tensor {
        switch self {
        case .relu: output.zipped(upstream, kernels.relu_backward)
        case .tanh: output.zipped(upstream, kernels.hyperbolic_tangent_backward)
        case .identity, .gelu, .silu: upstream
        }
    }
}

/// residual + dropout(activation(x Wᵀ + b)): x [..., I], weight W [O, I], bias b [O], residual [..., O] → [..., O].
///
/// One pass writes the result. Which elements are dropped is what `Tensor.dropout` with the same key would drop.
/// - Throws: `ShapeError` if the shapes do not fit.
public func linear(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity, dropout: Dropout? = nil,
    residual: Tensor? = nil
) throws(ShapeError) -> Tensor {
    guard weight.shape.rank == 2, x.shape.rank >= 1, x.shape[-1] == weight.shape[1] else {
        throw ShapeError(
            "linear", expected: "inputs [..., I] for a weight [O, I]", found: "\(x.shape) and \(weight.shape)")
    }
    if let bias, bias.shape != [weight.shape[0]] {
        throw ShapeError("linear", expected: "a bias [\(weight.shape[0])]", found: "\(bias.shape)")
    }
    let (inputSize, outputSize) = (weight.shape[1], weight.shape[0])
    let shape = Shape(x.shape.dimensions.dropLast() + [outputSize])
    if let residual, residual.shape != shape {
        throw ShapeError("linear", expected: "a residual \(shape)", found: "\(residual.shape)")
    }
    let inputs = [x, weight] + [bias, residual].compactMap { $0 }
    if inputs.contains(where: \.isTracked), !activation.isReadFromOutput(after: dropout, residual) {
        let branch = activation(try linear(x, weight: weight, bias: bias))
        let dropped = dropout?(branch) ?? branch
        return residual.map { $0 + dropped } ?? dropped
    }

    let rows = x.shape.dimensions.dropLast().reduce(1, *)
    let precision = weight.isTracked ? Precision.current.withoutWeights : .current
    let flat = x.viewed(as: [rows, inputSize]).detached()
    let constant = weight.contiguous().detached()
    let (terms, sum) = (bias?.contiguous(), residual?.contiguous())
    let output = Tensor(shape: shape) { out in
        flat.withElements { a in
            constant.withElements { b in
                var product = attn_product(
                    rows: rows, columns: outputSize, depth: inputSize, a: a, aStrides: (inputSize, 1), b: b,
                    bStrides: (1, inputSize), c: out)
                product.activation = activation.kernel
                (product.dropout, product.dropout_seed) = (dropout?.probability ?? 0, dropout?.key.seed ?? 0)
                product.dropout_stride = outputSize
                product.residual_stride = outputSize
                withExtendedLifetime((terms, sum)) {
                    product.bias = terms.map { UnsafePointer($0.storage.elements + $0.offset) }
                    product.residual = sum.map { UnsafePointer($0.storage.elements + $0.offset) }
                    multiplyForward(product, precision, by: constant, of: weight.node)
                }
            }
        }
    }
    return output.derived(from: inputs) { upstream, gradients in
        if let residual { gradients.add(upstream, to: residual) }
        let branch = dropout?.callAsFunction(upstream) ?? upstream
        let sums = activation.backward(output: output, upstream: branch).viewed(as: [rows, outputSize])
        gradients.addLinear(sums, input: flat, x: x, weight: weight, bias: bias, precision)
    }
}

/// x Wᵀ, for a weight [O, I] that is packed once for all products if it is a whole tensor that is not learned, and once for a graph if it
/// is learned step by step.
private func multiplyForward(_ product: attn_product, _ precision: Precision, by weight: Tensor, of node: Node?) {
    if node == nil, weight.storage.count == weight.shape.elementCount {
        multiply(product, precision, keeping: weight.storage.packedForms)
    } else if let leaf = node?.steppedWeight, product.rows <= SteppedWeight.rowLimit {
        multiply(product, precision, keeping: leaf.forward)
    } else {
        multiply(product, precision)
    }
}

/// dS W.
private func multiplyBackward(_ product: attn_product, _ precision: Precision, of node: Node?) {
    if let leaf = node?.steppedWeight, product.rows <= SteppedWeight.rowLimit {
        multiply(product, precision, keeping: leaf.backward)
    } else {
        multiply(product, precision)
    }
}

extension Gradients {
    /// The three gradients of x Wᵀ + b, given that of the sums [rows, O]: dX = dS W, dW = dSᵀ X, db = Σ_rows dS.
    mutating func addLinear(
        _ sums: Tensor, input: Tensor, x: Tensor, weight: Tensor, bias: Tensor?, _ precision: Precision
    ) {
        let (rows, outputSize, inputSize) = (sums.shape[0], sums.shape[1], input.shape[1])
        let constant = weight.detached()
        add(
            Tensor(shape: x.shape) { out in
                sums.withElements { a in
                    constant.withElements { b in
                        multiplyBackward(
                            attn_product(
                                rows: rows, columns: inputSize, depth: outputSize, a: a, aStrides: (outputSize, 1),
                                b: b, bStrides: (inputSize, 1), c: out), precision, of: weight.node)
                    }
                }
            }, to: x)
        accumulateProduct(of: sums, and: input, to: weight, precision)
        if let bias { add(sums.summed(to: bias.shape), to: bias) }
    }
}
