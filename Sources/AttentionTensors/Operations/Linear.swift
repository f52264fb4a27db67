internal import CAttentionKernels

/// An element-wise function fused into the product before it.
public enum Activation: String, Sendable, Codable, CaseIterable {
    /// x
    case identity
    /// max(x, 0)
    case relu
    /// x Φ(x), exact
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

    /// Whether the derivative can be told from the output alone, so that the sum before the activation need not be kept.
    fileprivate var isReadFromOutput: Bool { self == .identity || self == .relu || self == .tanh }

    fileprivate func backward(output: Tensor, upstream: Tensor) -> Tensor {
        switch self {
        case .relu: output.zipped(upstream, kernels.relu_backward)
        case .tanh: output.zipped(upstream, kernels.hyperbolic_tangent_backward)
        case .identity, .gelu, .silu: upstream
        }
    }
}

/// activation(x Wᵀ + b): x [..., I], weight W [O, I], bias b [O] → [..., O].
///
/// - Throws: `ShapeError` if the shapes do not fit.
public func linear(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, activation: Activation = .identity
) throws(ShapeError) -> Tensor {
    guard weight.shape.rank == 2, x.shape.rank >= 1, x.shape[-1] == weight.shape[1] else {
        throw ShapeError(
            "linear", expected: "inputs [..., I] for a weight [O, I]", found: "\(x.shape) and \(weight.shape)")
    }
    if let bias, bias.shape != [weight.shape[0]] {
        throw ShapeError("linear", expected: "a bias [\(weight.shape[0])]", found: "\(bias.shape)")
    }
    let inputs = [x, weight] + (bias.map { [$0] } ?? [])
    if !activation.isReadFromOutput, inputs.contains(where: \.isTracked) {
        return activation(try linear(x, weight: weight, bias: bias))
    }

    let (inputSize, outputSize) = (weight.shape[1], weight.shape[0])
    let rows = x.shape.dimensions.dropLast().reduce(1, *)
    let precision = weight.isTracked ? Precision.current.withoutWeights : .current
    let flat = x.viewed(as: [rows, inputSize]).detached()
    let constant = weight.contiguous().detached()
    let output = Tensor(shape: Shape(x.shape.dimensions.dropLast() + [outputSize])) { out in
        flat.withElements { a in
            constant.withElements { b in
                var product = attn_product(
                    rows: rows, columns: outputSize, depth: inputSize, a: a, aStrides: (inputSize, 1), b: b,
                    bStrides: (1, inputSize), c: out)
                product.activation = activation.kernel
                guard let bias else { return multiply(product, by: constant, precision, comesAgain: !weight.isTracked) }
                bias.withElements { terms in
                    product.bias = terms
                    multiply(product, by: constant, precision, comesAgain: !weight.isTracked)
                }
            }
        }
    }
    return output.derived(from: inputs) { upstream, gradients in
        let sums = activation.backward(output: output, upstream: upstream).viewed(as: [rows, outputSize])
        gradients.addLinear(sums, input: flat, x: x, weight: weight, bias: bias, precision)
    }
}

/// The product by a weight [O, I], which is packed once for all products if it is a whole tensor that is not learned.
private func multiply(_ product: attn_product, by weight: Tensor, _ precision: Precision, comesAgain: Bool) {
    if comesAgain, weight.storage.count == weight.shape.elementCount {
        multiply(product, precision, keeping: weight.storage.packedForms)
    } else {
        multiply(product, precision)
    }
}

extension Gradients {
    /// The three gradients of x Wᵀ + b, given that of the sums [rows, O]: dX = dS W, dW = dSᵀ X, db = Σ_rows dS.
    mutating func addLinear(_ sums: Tensor, input: Tensor, x: Tensor, weight: Tensor, bias: Tensor?, _ precision: Precision) {
        let (rows, outputSize, inputSize) = (sums.shape[0], sums.shape[1], input.shape[1])
        let constant = weight.detached()
        add(
            Tensor(shape: x.shape) { out in
                sums.withElements { a in
                    constant.withElements { b in
                        multiply(
                            attn_product(
                                rows: rows, columns: inputSize, depth: outputSize, a: a, aStrides: (outputSize, 1),
                                b: b, bStrides: (inputSize, 1), c: out), precision)
                    }
                }
            }, to: x)
        accumulateProduct(of: sums, and: input, to: weight, precision)
        if let bias { add(sums.summed(to: bias.shape), to: bias) }
    }

    /// Adds Aᵀ B for A [rows, O], B [rows, I] to the gradient of a weight [O, I].
    mutating func accumulateProduct(of a: Tensor, and b: Tensor, to weight: Tensor, _ precision: Precision) {
        guard wants(weight) else { return }
        let (rows, outputSize, inputSize) = (a.shape[0], a.shape[1], b.shape[1])
        let isFirst = self[weight] == nil
        let write = { (out: UnsafeMutablePointer<Float>) in
            a.withElements { a in
                b.withElements { b in
                    multiply(
                        attn_product(
                            rows: outputSize, columns: inputSize, depth: rows, a: a, aStrides: (1, outputSize), b: b,
                            bStrides: (inputSize, 1), c: out, accumulate: !isFirst), precision)
                }
            }
        }
        if isFirst {
            add(Tensor(shape: weight.shape, fill: write), to: weight)
        } else {
            accumulate(to: weight, write)
        }
    }
}
