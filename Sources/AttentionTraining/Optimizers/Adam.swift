public import AttentionTensors
internal import CAttentionKernels
internal import Glibc

/// Adam with decoupled weight decay, AdamW (Kingma & Ba 2015; Loshchilov & Hutter 2019, algorithm 2). With g the gradient of step t:
///
///     m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²
///     w ← w − rate · (m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε) + decay · w)
///
/// A parameter without a gradient, or one that is not trained, stays as it is, its moments too.
public struct Adam: Optimizer {
    /// What is fixed for a whole training.
    public struct Configuration: Sendable, Hashable, Codable {
        /// β₁, how slowly the mean of gradients forgets.
        public var beta1: Float
        /// β₂, how slowly the mean of squared gradients forgets.
        public var beta2: Float
        /// ε, what keeps the quotient finite.
        public var epsilon: Float
        /// Weight decay, multiplied by the rate; without it, this is Adam as of 2015.
        public var decay: WeightDecay

        /// The defaults of the paper that introduced Adam, without decay.
        public init(beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, decay: WeightDecay = .zero) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.decay = decay
        }
    }

    /// `adam`.
    public static let name = "adam"
    /// What is fixed for a whole training.
    public let configuration: Configuration
    /// Steps and moments so far.
    public var state = OptimizerState()
    /// That of the configuration.
    public var decay: WeightDecay { configuration.decay }

    /// An optimizer that has seen no gradient.
    public init(_ configuration: Configuration = Configuration()) { self.configuration = configuration }

    /// Single elements.
    public func reach(of shape: Shape, named name: String) -> StepReach { .element }

    /// m and v.
    public func memory(of shape: Shape, named name: String) -> [ParameterMemory] {
        [ParameterMemory("first", shape), ParameterMemory("second", shape)]
    }

    /// The formula above.
    public func step(_ weights: inout Tensor, remembering memory: inout [Tensor], _ step: ParameterStep) {
        let settings = configuration
        let correction1 = Float(1 - pow(Double(settings.beta1), Double(step.number)))
        let correction2 = Float(1 - pow(Double(settings.beta2), Double(step.number)))
        weights.update(from: step.gradient, &memory) { range, weights, gradient, memory in
            let start = range.lowerBound
            kernels.adam(
                weights + start, memory[0] + start, memory[1] + start, gradient + start, step.scale, step.rate,
                settings.beta1, settings.beta2, settings.epsilon, step.decay, correction1, correction2, range.count)
        }
    }
}
