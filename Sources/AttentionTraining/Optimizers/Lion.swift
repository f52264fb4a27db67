public import AttentionTensors

/// Lion: steps of one size along the signs of a fading mean (Chen et al. 2023, *Symbolic Discovery of Optimization Algorithms*,
/// algorithm 2). With g the gradient of a step:
///
///     w ← w − rate · (sign(β₁ m + (1 − β₁) g) + decay · w)
///     m ← β₂ m + (1 − β₂) g
///
/// Half of Adam's memory. Every element moves by the whole rate, so rates are three to ten times smaller than Adam's and decays as many
/// times larger (section 5).
public struct Lion: Optimizer {
    /// `lion`.
    public static let name = "lion"
    /// β₁, how much of the step is the mean's.
    public let beta1: Float
    /// β₂, how slowly the mean forgets.
    public let beta2: Float
    /// λ.
    public let decay: WeightDecay
    /// Steps and means so far.
    public var state = OptimizerState()

    /// The defaults of the paper, without decay.
    public init(beta1: Float = 0.9, beta2: Float = 0.99, decay: WeightDecay = .zero) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.decay = decay
    }

    /// Single elements.
    public func reach(of shape: Shape, named name: String) -> StepReach { .element }

    /// m.
    public func memory(of shape: Shape, named name: String) -> [ParameterMemory] { [ParameterMemory("mean", shape)] }

    /// The formula above; the sign of 0 is 0.
    public func step(_ weights: inout Tensor, remembering memory: inout [Tensor], _ step: ParameterStep) {
        let (scale, rate, decay) = (step.scale, step.rate, step.decay)
        let (beta1, beta2) = (beta1, beta2)
        weights.update(from: step.gradient, &memory) { range, weights, gradient, memory in
            let mean = memory[0]
            for index in range {
                let slope = scale * gradient[index]
                let direction = beta1 * mean[index] + (1 - beta1) * slope
                let sign: Float = direction > 0 ? 1 : direction < 0 ? -1 : 0
                weights[index] -= rate * (sign + decay * weights[index])
                mean[index] = beta2 * mean[index] + (1 - beta2) * slope
            }
        }
    }
}
