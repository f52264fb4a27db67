public import AttentionTensors

/// Stochastic gradient descent with momentum (Polyak 1964; Sutskever et al. 2013), in the form that keeps the rate out of the velocity.
/// With g the gradient of a step, v = 0 before the first:
///
///     v ← μ v + g                    heavy ball
///     w ← w − rate · (v + λ w)       Nesterov: w ← w − rate · (g + μ v + λ w)
///
/// Weight decay is decoupled, as it is in all optimizers here, and does not enter the velocity.
public struct SGD: Optimizer {
    /// Which way the velocity is used.
    public enum Momentum: Sendable, Hashable, Codable {
        /// w follows the gradient alone, and nothing is remembered.
        case none
        /// w follows v, the sum of gradients that fades by μ a step (Polyak 1964).
        case heavyBall(Float)
        /// w follows where v is about to go (Nesterov 1983; Sutskever et al. 2013, eq. 3 and 4).
        case nesterov(Float)
    }

    /// `sgd`.
    public static let name = "sgd"
    /// μ and how it is used.
    public let momentum: Momentum
    /// λ.
    public let decay: WeightDecay
    /// Steps and velocities so far.
    public var state = OptimizerState()

    /// An optimizer that has seen no gradient.
    public init(momentum: Momentum = .none, decay: WeightDecay = .zero) {
        self.momentum = momentum
        self.decay = decay
    }

    /// Single elements.
    public func reach(of shape: Shape, named name: String) -> StepReach { .element }

    /// v, if there is momentum.
    public func memory(of shape: Shape, named name: String) -> [ParameterMemory] {
        momentum == .none ? [] : [ParameterMemory("velocity", shape)]
    }

    /// The formula above.
    public func step(_ weights: inout Tensor, remembering memory: inout [Tensor], _ step: ParameterStep) {
        let (scale, rate, decay) = (step.scale, step.rate, step.decay)
        let momentum = momentum
        weights.update(from: step.gradient, &memory) { range, weights, gradient, memory in
            switch momentum {
            case .none:
                for index in range {
                    weights[index] -= rate * (scale * gradient[index] + decay * weights[index])
                }
            case .heavyBall(let factor):
                let velocity = memory[0]
                for index in range {
                    velocity[index] = factor * velocity[index] + scale * gradient[index]
                    weights[index] -= rate * (velocity[index] + decay * weights[index])
                }
            case .nesterov(let factor):
                let velocity = memory[0]
                for index in range {
                    let slope = scale * gradient[index]
                    velocity[index] = factor * velocity[index] + slope
                    weights[index] -= rate * (slope + factor * velocity[index] + decay * weights[index])
                }
            }
        }
    }
}
