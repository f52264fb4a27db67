/// The learning rate as a function of how far training has come.
///
/// A schedule is a pure value without state: one that reacts to validation reads its whole history, which is part of every
/// checkpoint. So resuming needs nothing more.
public protocol LearningRateSchedule: Sendable, Codable {
    /// The rate of an update, counted from 1, given the losses of all validations before it, oldest first.
    func rate(at update: Int, after validationLosses: [Double]) -> Float
}

extension LearningRateSchedule {
    /// The rate of an update, counted from 1, if nothing has been validated.
    public func rate(at update: Int) -> Float { rate(at: update, after: []) }
}

/// The same rate for ever.
public struct ConstantSchedule: LearningRateSchedule, Hashable {
    /// The rate.
    public var rate: Float

    /// The schedule of this rate.
    public init(rate: Float) { self.rate = rate }

    /// `rate`.
    public func rate(at update: Int, after validationLosses: [Double]) -> Float { rate }
}

/// min(1, update / warmup): the linear climb that most schedules begin with; 1 without warm-up.
func warmupFactor(at update: Int, warmup: Int) -> Double {
    update < warmup ? Double(update) / Double(warmup) : 1
}
