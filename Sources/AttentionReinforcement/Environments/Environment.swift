public import AttentionTensors

/// A world in which an agent acts: it sees something, does something, and is rewarded for it, until the episode ends.
///
/// An environment is a value. All its randomness comes from the key that an episode begins with, so the same key and the same actions are the same
/// episode. The words are those of Gymnasium (Towers et al. 2024, *Gymnasium: A Standard Interface for Reinforcement Learning Environments*).
public protocol Environment: Sendable {
    /// What is seen, as objects that are each described by as many numbers.
    var layout: ObservationLayout { get }
    /// What can be done, by name; an action is a place in this list.
    var actionNames: [String] { get }
    /// After how many steps an episode is cut off, if it has not ended before.
    var stepLimit: Int { get }
    /// The return from which on an episode counts as a success.
    var successReturn: Float { get }
    /// What is seen now: the numbers of the first object, then those of the second, …
    var observation: [Float] { get }
    /// A picture of it now, in lines of text.
    var drawing: [String] { get }

    /// Begins a new episode.
    mutating func reset(key: RandomKey)
    /// Does something.
    /// - Throws: ``ReinforcementError`` if there is no such action, or the episode has ended.
    mutating func step(_ action: Int) throws(ReinforcementError) -> StepOutcome
}

/// What came of a step.
public struct StepOutcome: Sendable, Hashable {
    /// The reward for it.
    public let reward: Float
    /// Whether the episode has come to an end of its own: what follows is worth nothing.
    public let isTerminated: Bool
    /// Whether it was cut off: what would follow is still worth something.
    public let isTruncated: Bool

    /// An outcome.
    public init(reward: Float, isTerminated: Bool = false, isTruncated: Bool = false) {
        (self.reward, self.isTerminated, self.isTruncated) = (reward, isTerminated, isTruncated)
    }

    /// Whether the episode is over.
    public var isLast: Bool { isTerminated || isTruncated }
}

/// What an environment shows: objects, and the numbers that describe each.
public struct ObservationLayout: Sendable, Hashable {
    /// What the objects are called, in their order.
    public let objectNames: [String]
    /// How many numbers describe each.
    public let featureCount: Int

    /// Objects of so many numbers each.
    public init(objectNames: [String], featureCount: Int) {
        (self.objectNames, self.featureCount) = (objectNames, featureCount)
    }

    /// How many objects there are.
    public var objectCount: Int { objectNames.count }
    /// How many numbers an observation has.
    public var size: Int { objectCount * featureCount }
}

extension Environment {
    /// Throws unless an action can be done now.
    func check(_ action: Int, isOver: Bool) throws(ReinforcementError) {
        guard actionNames.indices.contains(action) else { throw .noSuchAction(action, count: actionNames.count) }
        if isOver { throw .finished }
    }
}
