/// A rate that is reduced by a factor whenever validation has stopped improving.
///
/// After each `patience` validations in a row that are not below the lowest loss before them, the rate is multiplied by
/// `factor`, down to `floor`.
public struct PlateauSchedule: LearningRateSchedule, Hashable {
    /// The rate before any reduction, once warm-up is over.
    public var peak: Float
    /// What the rate is multiplied by, below 1.
    public var factor: Float
    /// How many validations without improvement are borne.
    public var patience: Int
    /// The rate is never reduced below this.
    public var floor: Float
    /// How many updates the linear climb to the peak takes.
    public var warmup: Int

    /// A schedule that starts at `peak`.
    public init(peak: Float, factor: Float = 0.5, patience: Int = 3, floor: Float = 0, warmup: Int = 0) {
        self.peak = peak
        self.factor = factor
        self.patience = patience
        self.floor = floor
        self.warmup = warmup
    }

    /// The peak, reduced as often as the losses tell.
    public func rate(at update: Int, after validationLosses: [Double]) -> Float {
        var reduced = peak
        var lowest = Double.infinity
        var waited = 0
        for loss in validationLosses {
            waited = loss < lowest ? 0 : waited + 1
            lowest = min(lowest, loss)
            guard waited >= max(1, patience) else { continue }
            reduced = max(floor, reduced * factor)
            waited = 0
        }
        return Float(Double(reduced) * warmupFactor(at: update, warmup: warmup))
    }
}
