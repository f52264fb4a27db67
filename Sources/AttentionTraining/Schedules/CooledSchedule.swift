/// Another schedule that is brought down to 0 at the end, in a straight line.
///
/// rate(t) = base(t) · min(1, (total − t + 1) / (updates + 1))
///
/// A training whose schedule knows no end can be stopped at any time, continued with a cooldown, and give its best model then; from
/// where it was stopped it can still go on.
///
/// *Source:* Hägele et al., Scaling Laws and Compute-Optimal Training Beyond Fixed Training Durations (2024), section 2.
public struct CooledSchedule<Base: LearningRateSchedule>: LearningRateSchedule {
    /// The rate before and, scaled, while it cools.
    public var base: Base
    /// How many updates cooling takes.
    public var updates: Int
    /// The last update.
    public var total: Int

    /// `base`, cooled over the last `updates` of `total` updates.
    public init(_ base: Base, updates: Int, total: Int) {
        self.base = base
        self.updates = updates
        self.total = total
    }

    /// The formula above; 0 after the last update.
    public func rate(at update: Int, after validationLosses: [Double]) -> Float {
        let share = Double(total - update + 1) / Double(max(0, updates) + 1)
        return base.rate(at: update, after: validationLosses) * Float(min(1, max(0, share)))
    }
}
