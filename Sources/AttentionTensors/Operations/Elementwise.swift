internal import CAttentionKernels

/// A kernel that maps one array to another of the same size, and one that combines two.
typealias UnaryKernel = @convention(c) (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void
typealias BinaryKernel =
    @convention(c) (UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, Int) -> Void

/// Elements a thread takes at least: below this, waking another costs more than it saves.
private let elementGrain = 16384

extension Tensor {
    /// This kernel applied to every element. Not part of the graph.
    func mapped(_ kernel: UnaryKernel) -> Tensor {
        Tensor(shape: shape) { out in
            withElements { x in
                Parallel.forEachChunk(of: shape.elementCount, grain: elementGrain) { range in
                    kernel(out + range.lowerBound, x + range.lowerBound, range.count)
                }
            }
        }
    }

    /// This kernel applied to the elements of two tensors of one shape. Not part of the graph.
    func zipped(_ other: Tensor, _ kernel: BinaryKernel) -> Tensor {
        Tensor(shape: shape) { out in
            withElements { x in
                other.withElements { y in
                    Parallel.forEachChunk(of: shape.elementCount, grain: elementGrain) { range in
                        kernel(out + range.lowerBound, x + range.lowerBound, y + range.lowerBound, range.count)
                    }
                }
            }
        }
    }

    /// scale · x + offset. Not part of the graph.
    func affine(_ scale: Float, _ offset: Float) -> Tensor {
        Tensor(shape: shape) { out in
            withElements { x in
                Parallel.forEachChunk(of: shape.elementCount, grain: elementGrain) { range in
                    kernels.scale_add(out + range.lowerBound, x + range.lowerBound, scale, offset, range.count)
                }
            }
        }
    }

    /// A function whose derivative is written in terms of its output.
    private func unary(_ forward: UnaryKernel, derivativeFromOutput backward: @escaping BinaryKernel) -> Tensor {
        let output = mapped(forward)
        return output.derived(from: self) { upstream, gradients in
            gradients.add(output.zipped(upstream, backward), to: self)
        }
    }

    /// A function whose derivative is written in terms of its input.
    private func unary(_ forward: UnaryKernel, derivativeFromInput backward: @escaping BinaryKernel) -> Tensor {
        let input = contiguous().detached()
        return mapped(forward).derived(from: self) { upstream, gradients in
            gradients.add(input.zipped(upstream, backward), to: self)
        }
    }

    /// eˣ.
    public func exponential() -> Tensor { unary(kernels.exponential, derivativeFromOutput: kernels.multiply) }

    /// The natural logarithm.
    public func logarithm() -> Tensor {
        mapped(kernels.logarithm).derived(from: self) { upstream, gradients in
            gradients.add(upstream.zipped(self, kernels.divide), to: self)
        }
    }

    /// √x.
    public func squareRoot() -> Tensor {
        let output = mapped(kernels.square_root)
        return output.derived(from: self) { upstream, gradients in
            gradients.add(upstream.zipped(output, kernels.divide).affine(0.5, 0), to: self)
        }
    }

    /// tanh x.
    public func hyperbolicTangent() -> Tensor {
        unary(kernels.hyperbolic_tangent, derivativeFromOutput: kernels.hyperbolic_tangent_backward)
    }

    /// σ(x) = 1 / (1 + e⁻ˣ).
    public func sigmoid() -> Tensor { unary(kernels.sigmoid, derivativeFromOutput: kernels.sigmoid_backward) }

    /// max(x, 0).
    public func relu() -> Tensor { unary(kernels.relu, derivativeFromOutput: kernels.relu_backward) }

    /// x Φ(x), with Φ the normal distribution's cumulative function (Hendrycks & Gimpel 2016), by the exact error function.
    public func gelu() -> Tensor { unary(kernels.gelu, derivativeFromInput: kernels.gelu_backward) }

    /// ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))): the approximation of `gelu` that GPT-2 and ALBERT are trained with (Hendrycks & Gimpel
    /// 2016, sec. 2).
    public func geluTanh() -> Tensor {
        let inner = (self + self * self * self * 0.044715) * Float((2 / Double.pi).squareRoot())
        return self * (inner.hyperbolicTangent() + 1) * 0.5
    }

    /// x σ(1.702 x): the approximation of `gelu` that CLIP is trained with (Hendrycks & Gimpel 2016, sec. 2).
    public func geluSigmoid() -> Tensor { (self * 1.702).silu() * (1 / 1.702) }

    /// x σ(x), also called swish.
    public func silu() -> Tensor { unary(kernels.silu, derivativeFromInput: kernels.silu_backward) }
}
