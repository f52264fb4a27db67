internal import CAttentionKernels

/// An element-wise function fused into the product before it.
public enum Activation: String, Sendable, Codable, CaseIterable {
    /// x
    case identity
    /// max(x, 0)
    case relu
    /// x Φ(x), by the error function, not its approximation by tanh; fused within 2⁻²² |x|, on its own within 2 units in the last place
    case gelu
    /// ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), an approximation of `gelu`; not fused
    case geluTanh
    /// x σ(1.702 x), another; not fused
    case geluSigmoid
    /// x σ(x)
    case silu
    /// tanh x
    case tanh

    fileprivate var kernel: attn_activation {
        switch self {
        case .identity, .geluTanh, .geluSigmoid: attn_activation_none
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
        case .geluTanh: x.geluTanh()
        case .geluSigmoid: x.geluSigmoid()
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
        case .gelu, .geluTanh, .geluSigmoid, .silu: false
        }
    }

    fileprivate func backward(output: Tensor, upstream: Tensor) -> Tensor {
        switch self {
        case .relu: output.zipped(upstream, kernels.relu_backward)
        case .tanh: output.zipped(upstream, kernels.hyperbolic_tangent_backward)
        case .identity, .gelu, .geluTanh, .geluSigmoid, .silu: upstream
        }
    }
}

/// residual + dropout(activation(x Wᵀ + b)): x [..., I], weight W [O, I], bias b [O], residual [..., O] → [..., O].
///
/// One pass writes the result. Which elements are dropped is what `Tensor.dropout` with the same key would drop. W is what has just been
/// computed; one that will come again is a `Parameter`.
/// - Throws: `ShapeError` if the shapes do not fit.
public func linear(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity, dropout: Dropout? = nil,
    residual: Tensor? = nil
) throws(ShapeError) -> Tensor {
    try linear(x, WeightMatrix(weight), bias, activation, dropout, residual)
}

/// The same by parameters: W is read as it is stored, and laid out once for all products with it.
/// - Throws: `ShapeError` if the shapes do not fit.
public func linear(
    _ x: Tensor, weight: Parameter, bias: Parameter? = nil, activation: Activation = .identity,
    dropout: Dropout? = nil, residual: Tensor? = nil
) throws(ShapeError) -> Tensor {
    try linear(x, WeightMatrix(weight), bias?.tensor, activation, dropout, residual)
}

private func linear(
    _ x: Tensor, _ weight: WeightMatrix, _ bias: Tensor?, _ activation: Activation, _ dropout: Dropout?,
    _ residual: Tensor?
) throws(ShapeError) -> Tensor {
    guard weight.shape.rank == 2, x.shape.rank >= 1, x.shape[-1] == weight.inputSize else {
        throw ShapeError(
            "linear", expected: "inputs [..., I] for a weight [O, I]", found: "\(x.shape) and \(weight.shape)")
    }
    let (inputSize, outputSize) = (weight.inputSize, weight.outputSize)
    if let bias, bias.shape != [outputSize] {
        throw ShapeError("linear", expected: "a bias [\(outputSize)]", found: "\(bias.shape)")
    }
    let shape = Shape(x.shape.dimensions.dropLast() + [outputSize])
    if let residual, residual.shape != shape {
        throw ShapeError("linear", expected: "a residual \(shape)", found: "\(residual.shape)")
    }
    let inputs = [x, weight.tracked, bias, residual].compactMap { $0 }
    if activation == .geluTanh || activation == .geluSigmoid
        || (inputs.contains(where: \.isTracked) && !activation.isReadFromOutput(after: dropout, residual))
    {
        let branch = activation(try linear(x, weight, bias, .identity, nil, nil))
        let dropped = dropout?(branch) ?? branch
        return residual.map { $0 + dropped } ?? dropped
    }

    let rows = x.shape.dimensions.dropLast().reduce(1, *)
    let precision = weight.tracked == nil ? Precision.current : .current.withoutWeights
    let flat = x.viewed(as: [rows, inputSize]).detached()
    let (terms, sum) = (bias?.contiguous(), residual?.contiguous())
    let output = Tensor(shape: shape) { out in
        flat.withElements { a in
            withExtendedLifetime((terms, sum)) {
                weight.multiply(.forward, rows: rows, a: a, into: out, precision) { product in
                    product.activation = activation.kernel
                    (product.dropout, product.dropout_seed) = (dropout?.probability ?? 0, dropout?.key.seed ?? 0)
                    product.dropout_stride = outputSize
                    product.residual_stride = outputSize
                    product.bias = terms.map { UnsafePointer($0.storage.elements + $0.offset) }
                    product.residual = sum.map { UnsafePointer($0.storage.elements + $0.offset) }
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

extension Gradients {
    /// The three gradients of x Wᵀ + b, given that of the sums [rows, O]: dX = dS W, dW = dSᵀ X, db = Σ_rows dS.
    fileprivate mutating func addLinear(
        _ sums: Tensor, input: Tensor, x: Tensor, weight: WeightMatrix, bias: Tensor?, _ precision: Precision
    ) {
        add(
            Tensor(shape: x.shape) { out in
                sums.withElements { weight.multiply(.backward, rows: sums.shape[0], a: $0, into: out, precision) }
            }, to: x)
        if let learned = weight.tracked { accumulateProduct(of: sums, and: input, to: learned, precision) }
        if let bias { add(sums.summed(to: bias.shape), to: bias) }
    }
}
