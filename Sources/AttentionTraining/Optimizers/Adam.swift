public import AttentionTensors
internal import CAttentionKernels
internal import Glibc

/// Adam with decoupled weight decay, AdamW (Kingma & Ba 2015; Loshchilov & Hutter 2019, algorithm 2). With g the gradient of step t:
///
///     m ← β₁ m + (1 − β₁) g        v ← β₂ v + (1 − β₂) g²
///     w ← w − rate · (m / (1 − β₁ᵗ) / (√(v / (1 − β₂ᵗ)) + ε) + decay · w)
///
/// A parameter without a gradient, or one that is not trained, stays as it is, its moments too.
public struct Adam: Sendable {
    /// What is fixed for a whole training.
    public struct Configuration: Sendable, Hashable, Codable {
        /// β₁, how slowly the mean of gradients forgets.
        public var beta1: Float
        /// β₂, how slowly the mean of squared gradients forgets.
        public var beta2: Float
        /// ε, what keeps the quotient finite.
        public var epsilon: Float
        /// Weight decay, multiplied by the rate; 0 is Adam as of 2015.
        public var decay: Float
        /// Which parameters decay.
        public var decayed: DecayedParameters

        /// The defaults of the paper that introduced Adam, without decay.
        public init(
            beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, decay: Float = 0,
            decayed: DecayedParameters = .matrices
        ) {
            self.beta1 = beta1
            self.beta2 = beta2
            self.epsilon = epsilon
            self.decay = decay
            self.decayed = decayed
        }
    }

    /// Which parameters weight decay applies to.
    public enum DecayedParameters: String, Sendable, Hashable, Codable {
        /// Those of rank 2 and more: not biases and gains, which do not overfit.
        case matrices
        /// Every parameter.
        case all
    }

    /// What is fixed for a whole training.
    public let configuration: Configuration
    /// t, how many steps have been taken.
    public package(set) var stepCount = 0
    /// m by parameter name.
    package var firstMoments: [String: Tensor] = [:]
    /// v by parameter name.
    package var secondMoments: [String: Tensor] = [:]

    /// An optimizer that has seen no gradient.
    public init(_ configuration: Configuration = Configuration()) { self.configuration = configuration }

    /// Changes every parameter of `model` by one step along `scale` · gradients.
    ///
    /// The parameters are changed in place if the model shares them with no one; else they are copied first.
    /// - Parameter rate: the learning rate of this step.
    public mutating func step<Model: Module>(
        _ model: inout Model, gradients: ParameterGradients, scale: Float = 1, rate: Float
    ) {
        stepCount += 1
        var update = AdamUpdate(adam: self, gradients: gradients, scale: scale, rate: rate)
        // The update now is the only owner of the moments, so that they too are changed in place.
        firstMoments = [:]
        secondMoments = [:]
        model.visit(&update, ParameterPath())
        firstMoments = update.adam.firstMoments
        secondMoments = update.adam.secondMoments
    }
}

/// One step, shown one parameter after the other.
private struct AdamUpdate: ParameterVisitor {
    var adam: Adam
    let gradients: ParameterGradients
    let scale: Float
    let rate: Float
    let correction1: Float
    let correction2: Float

    init(adam: Adam, gradients: ParameterGradients, scale: Float, rate: Float) {
        self.adam = adam
        self.gradients = gradients
        self.scale = scale
        self.rate = rate
        correction1 = Float(1 - pow(Double(adam.configuration.beta1), Double(adam.stepCount)))
        correction2 = Float(1 - pow(Double(adam.configuration.beta2), Double(adam.stepCount)))
    }

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) {
        let name = path.description
        guard parameter.role == .trained, let gradient = gradients[name] else { return }
        let settings = adam.configuration
        let decay = settings.decayed == .all || parameter.shape.rank >= 2 ? settings.decay : 0
        let count = parameter.shape.elementCount
        // Taken out of the dictionaries, so that there is a single owner.
        var first = adam.firstMoments.removeValue(forKey: name) ?? .zeros(parameter.shape)
        var second = adam.secondMoments.removeValue(forKey: name) ?? .zeros(parameter.shape)
        gradient.withElements { gradient in
            parameter.withMutableElements { weights in
                first.withMutableElements { first in
                    second.withMutableElements { second in
                        Parallel.forEachChunk(of: count, grain: 32768) { range in
                            let start = range.lowerBound
                            kernels.adam(
                                weights + start, first + start, second + start, gradient + start, scale, rate,
                                settings.beta1, settings.beta2, settings.epsilon, decay, correction1, correction2,
                                range.count)
                        }
                    }
                }
            }
        }
        adam.firstMoments[name] = first
        adam.secondMoments[name] = second
    }
}
