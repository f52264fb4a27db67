/// An iteration of learning: what was played, and what was learnt of it.
public struct PolicyReport: Sendable, Hashable, Codable {
    /// Which iteration, from 1.
    public let iteration: Int
    /// How many steps have been played in all iterations.
    public let stepCount: Int
    /// How many episodes ended in this one.
    public let episodeCount: Int
    /// The mean return of the last hundred of them; 0 if there are none.
    public let meanReturn: Float
    /// The share of those that count as a success.
    public let success: Float
    /// The mean loss of a step, and of its parts: `policy`, `value`, `entropy`, `divergence`, `clipped`.
    public let loss: Double
    /// The parts.
    public let parts: [String: Double]
    /// The learning rate.
    public let rate: Float
    /// Steps that were played and learnt from in a second.
    public let stepsPerSecond: Double
    /// How long training has taken so far, over all runs.
    public let seconds: Double
}
