import AttentionLayers
public import AttentionTensors

/// What decides what to do: from what is seen now, and what it remembers of the episode, to logits of the actions, and how much is still to be had.
public protocol Policy: Module {
    /// What it carries from step to step of several episodes.
    associatedtype Recollection: Sendable
    /// Whether what it does depends on earlier steps; it then learns from whole episodes.
    static var remembers: Bool { get }

    /// Before the first step of so many episodes.
    func begin(_ episodeCount: Int) throws(ShapeError) -> Recollection
    /// What it makes of a step.
    ///
    /// - Parameters:
    ///   - observations: what is seen, [B, O].
    ///   - begins: in which rows an episode begins, of which nothing is remembered yet.
    /// - Throws: `ShapeError` if the sizes do not fit.
    func step(
        _ observations: Tensor, _ recollection: inout Recollection, begins: [Bool]
    ) throws(ShapeError) -> PolicyOutput
    /// What it makes of episodes from their beginnings, all steps at once: the same as step by step.
    ///
    /// - Parameter observations: what is seen, [B, T, O]; shorter episodes are padded behind.
    /// - Throws: `ShapeError` if the sizes do not fit.
    func read(_ observations: Tensor) throws(ShapeError) -> PolicyOutput
}

/// What a policy says.
public struct PolicyOutput: Sendable {
    /// Of each action, [..., A].
    public let logits: Tensor
    /// V, the return still expected, [...].
    public let values: Tensor
    /// Where it looked; nil if it does not look anywhere.
    public let gaze: PolicyGaze?

    /// An answer.
    init(logits: Tensor, values: Tensor, gaze: PolicyGaze? = nil) {
        (self.logits, self.values, self.gaze) = (logits, values, gaze)
    }
}

/// Where a policy looked in a step.
public enum PolicyGaze: Sendable {
    /// At what is seen: weights [B, H, objects].
    case objects(Tensor)
    /// At what it remembers of the steps since each row's episode began, this one last: weights [B, H, steps], and where each row begins among them.
    case steps(Tensor, begins: [Int])
}

/// The two maps at the end of every policy.
///
/// Those of actions begin a hundred times smaller than others, so that all actions are first as good as equally likely (Andrychowicz et al. 2021, *What
/// Matters in On-Policy Reinforcement Learning?*, sec. 3.2).
struct PolicyHeads: Module {
    var action: Linear
    var value: Linear

    init(_ size: Int, actionCount: Int, key: RandomKey) {
        action = Linear(size, actionCount, key: key[0])
        if !key.isBlank { action.weight = Parameter(.glorot([actionCount, size], key: key[0]) * 0.01) }
        value = Linear(size, 1, key: key[1])
    }

    /// From what is known, [..., M], and what is known of values, the same unless another is given.
    func callAsFunction(
        _ x: Tensor, valued: Tensor? = nil, gaze: PolicyGaze? = nil
    ) throws(ShapeError) -> PolicyOutput {
        let values = try value(valued ?? x)
        return PolicyOutput(logits: try action(x), values: try values.squeezed(axis: -1), gaze: gaze)
    }

    mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try action.visit(&visitor, path / "action")
        try value.visit(&visitor, path / "value")
    }
}
