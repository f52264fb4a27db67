public import AttentionTensors

/// How parameters follow their gradients: a rule for one parameter, and what it remembers from step to step.
///
/// An optimizer is a value. What it remembers lies in `state`, by parameter name, so that a checkpoint can hold it and a training that is
/// resumed makes the same steps, bit for bit. A new one says which tensors it remembers of a parameter and how it takes a step:
///
///     struct SignDescent: Optimizer {
///         static let name = "sign"
///         var state = OptimizerState()
///         var decay = WeightDecay.zero
///         func memory(of shape: Shape, named name: String) -> [ParameterMemory] { [] }
///         func step(_ weights: inout Tensor, remembering memory: inout [Tensor], _ step: ParameterStep) { … }
///     }
public protocol Optimizer: Sendable {
    /// What the names of its tensors begin with in checkpoints.
    static var name: String { get }
    /// What it remembers of all steps so far.
    var state: OptimizerState { get set }
    /// By how much weights shrink with each step, where no group of parameters says otherwise.
    var decay: WeightDecay { get }

    /// How far its step of a parameter looks. Ranks that train together divide among them what looks at single elements; the rest each of them follows.
    func reach(of shape: Shape, named name: String) -> StepReach
    /// The tensors it remembers of a parameter: zeros before its first step.
    func memory(of shape: Shape, named name: String) -> [ParameterMemory]
    /// Changes one parameter, and what is remembered of it, in place.
    ///
    /// - Parameter memory: the tensors that `memory(of:named:)` lists, in its order.
    func step(_ weights: inout Tensor, remembering memory: inout [Tensor], _ step: ParameterStep)
}

/// A tensor that an optimizer remembers of a parameter.
public struct ParameterMemory: Sendable, Hashable {
    /// What it is called in checkpoints, before the parameter's name: `first`.
    public let name: String
    /// Its shape.
    public let shape: Shape

    /// A tensor of this name and shape.
    public init(_ name: String, _ shape: Shape) {
        self.name = name
        self.shape = shape
    }
}

/// What a step of one parameter follows from, beside its weights and what is remembered of it.
public struct ParameterStep: Sendable {
    /// The parameter's name.
    public let name: String
    /// t, the number of the step, from 1.
    public let number: Int
    /// The gradient, as summed over a batch.
    public let gradient: Tensor
    /// What the gradient is multiplied by: one over the batch's weight, and clipping.
    public let scale: Float
    /// The learning rate.
    public let rate: Float
    /// λ, the parameter's weight decay; multiplied by the rate.
    public let decay: Float
}

extension Optimizer {
    /// t, how many steps have been taken.
    public var stepCount: Int { state.stepCount }

    /// The whole parameter, which is right for every rule.
    public func reach(of shape: Shape, named name: String) -> StepReach { .parameter }

    /// Changes every parameter of `model` that has a gradient by one step along `scale` · gradients; the others stay as they are.
    ///
    /// Parameters are changed in place if the model shares them with no one; else they are copied first.
    /// - Parameters:
    ///   - rate: the learning rate of this step.
    ///   - groups: what is different for some parameters.
    public mutating func step<Model: Module>(
        _ model: inout Model, gradients: ParameterGradients, scale: Float = 1, rate: Float,
        groups: ParameterRules = ParameterRules()
    ) {
        step(&model, gradients: gradients, scale: scale, rate: rate, groups: groups, share: .all)
    }

    /// The same for the elements of a share, of which alone `gradients` and the state hold tensors.
    package mutating func step<Model: Module>(
        _ model: inout Model, gradients: ParameterGradients, scale: Float, rate: Float, groups: ParameterRules,
        share: ParameterShare
    ) {
        state.stepCount += 1
        var update = Update(
            rule: self, state: state, gradients: gradients, scale: scale, rate: rate, groups: groups, share: share)
        // The update now is the only owner of what is remembered, so that it is changed in place.
        update.rule.state = OptimizerState()
        state = OptimizerState()
        model.visit(&update, ParameterPath())
        state = update.state
    }
}

/// One step, shown one parameter after the other.
private struct Update<Rule: Optimizer>: ParameterVisitor {
    var rule: Rule
    var state: OptimizerState
    let gradients: ParameterGradients
    let scale: Float
    let rate: Float
    let groups: ParameterRules
    let share: ParameterShare

    mutating func visit(_ parameter: inout Parameter, _ path: ParameterPath) {
        let name = path.description
        let own = groups[name]
        guard parameter.role == .trained, let gradient = gradients[name], !own.isFrozen,
            let piece = share.piece(of: name, parameter.shape)
        else { return }
        // Taken out of the dictionary, so that there is a single owner.
        var memory =
            state.tensors.removeValue(forKey: name)
            ?? rule.memory(of: piece.shape, named: name).map { .zeros($0.shape) }
        let step = ParameterStep(
            name: name, number: state.stepCount, gradient: gradient, scale: scale, rate: rate * own.rateFactor,
            decay: (own.decay ?? rule.decay).rate(of: parameter.shape))
        parameter.withMutableTensor { weights in
            weights.changePart(piece) { rule.step(&$0, remembering: &memory, step) }
        }
        state.tensors[name] = memory
    }
}
