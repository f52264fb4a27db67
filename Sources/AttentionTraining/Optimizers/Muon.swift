public import AttentionTensors

/// Muon: the momentum of a matrix is made orthogonal before it is followed, so that it moves all directions alike (Jordan et al. 2024,
/// *Muon: An optimizer for hidden layers in neural networks*). With G the gradient of a matrix W [R, C]:
///
///     M ← μ M + (1 − μ) G
///     O = orthogonal part of μ M + (1 − μ) G     (Nesterov), by five Newton–Schulz steps
///     W ← W − rate · (0.2 √max(R, C) · O + decay · W)
///
/// The factor gives O the mean square of Adam's steps, so that one rate serves both (Liu et al. 2025, *Muon is Scalable for LLM
/// Training*, eq. 4). Vectors, embeddings and output maps are left to `Adam`, as the article recommends.
public struct Muon: Optimizer {
    /// `muon`.
    public static let name = "muon"
    /// μ.
    public let momentum: Float
    /// What follows all that is no matrix of a hidden layer.
    public let rest: Adam.Configuration
    /// Matrices that are left to Adam too.
    public let restNames: [ParameterPattern]
    /// λ of matrices and the rest.
    public let decay: WeightDecay
    /// Steps, momenta and moments so far.
    public var state = OptimizerState()

    /// An optimizer that has seen no gradient.
    /// - Parameter restNames: embeddings and output maps as the models here name them, unless told otherwise.
    public init(
        momentum: Float = 0.95, rest: Adam.Configuration = Adam.Configuration(beta2: 0.95),
        restNames: [ParameterPattern] = ["*embedding*", "positions.*", "output.*"], decay: WeightDecay = .zero
    ) {
        self.momentum = momentum
        self.rest = rest
        self.restNames = restNames
        self.decay = decay
    }

    private func isRest(_ shape: Shape, _ name: String) -> Bool {
        shape.rank != 2 || shape.elementCount == 0 || restNames.contains { $0.matches(name) }
    }

    /// Hidden matrices as they are, single elements of the rest.
    public func reach(of shape: Shape, named name: String) -> StepReach { isRest(shape, name) ? .element : .parameter }

    /// M of hidden matrices, Adam's moments of the rest.
    public func memory(of shape: Shape, named name: String) -> [ParameterMemory] {
        isRest(shape, name) ? Adam(rest).memory(of: shape, named: name) : [ParameterMemory("momentum", shape)]
    }

    /// The formula above.
    public func step(_ weights: inout Tensor, remembering memory: inout [Tensor], _ step: ParameterStep) {
        guard !isRest(weights.shape, step.name) else {
            return Adam(rest).step(&weights, remembering: &memory, step)
        }
        let direction = orthogonalized(followed(&memory, step))
        let (rate, decay) = (step.rate, step.decay)
        let size = 0.2 * Float(max(weights.shape[0], weights.shape[1])).squareRoot()
        var none: [Tensor] = []
        weights.update(from: direction, &none) { range, weights, direction, _ in
            for index in range { weights[index] -= rate * (size * direction[index] + decay * weights[index]) }
        }
    }

    /// μ M + (1 − μ) G, after M has taken up G.
    private func followed(_ memory: inout [Tensor], _ step: ParameterStep) -> Tensor {
        var direction = Tensor.zeros(step.gradient.shape)
        let (scale, momentum) = (step.scale, momentum)
        direction.update(from: step.gradient, &memory) { range, direction, gradient, memory in
            let mean = memory[0]
            for index in range {
                let slope = scale * gradient[index]
                mean[index] = momentum * mean[index] + (1 - momentum) * slope
                direction[index] = momentum * mean[index] + (1 - momentum) * slope
            }
        }
        return direction
    }
}

/// About U Vᵀ of a matrix U Σ Vᵀ: its singular values are brought between 0.7 and 1.2 by five steps of X ← a X + (b A + c A²) X with
/// A = X Xᵀ, which converge fast rather than to 1 (Jordan et al. 2024).
private func orthogonalized(_ matrix: Tensor) -> Tensor {
    let (a, b, c) = (Float(3.4445), Float(-4.7750), Float(2.0315))
    let isTall = matrix.shape[0] > matrix.shape[1]
    var x = matrix * (1 / (Float(matrix.sumOfSquares().squareRoot()) + 1e-7))
    if isTall { x = x.transposed().contiguous() }
    for _ in 0..<5 {
        let products = product(x, x.transposed())
        x = x * a + product(products * b + product(products, products) * c, x)
    }
    return isTall ? x.transposed().contiguous() : x
}

/// A product of matrices whose shapes fit by construction.
private func product(_ left: Tensor, _ right: Tensor) -> Tensor {
    do {
        return try matmul(left, right)
    } catch {
        preconditionFailure("\(error)")
    }
}
