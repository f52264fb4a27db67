/// A linear climb to a peak, then a straight line down to 0, which is reached behind the last update.
///
/// rate(t) = peak · min(t / warmup, (total − t + 1) / (total − warmup + 1))
///
/// *Source:* Devlin et al., BERT (2019), appendix A.2 and A.3; Howard & Ruder, ULMFiT (2018), section 3.2, slanted triangles.
public struct LinearSchedule: LearningRateSchedule, Hashable {
    /// The highest rate.
    public var peak: Float
    /// How many updates the climb takes.
    public var warmup: Int
    /// The last update.
    public var total: Int

    /// A schedule over `total` updates.
    public init(peak: Float, warmup: Int = 0, total: Int) {
        (self.peak, self.warmup, self.total) = (peak, warmup, total)
    }

    /// The formula above; 0 after the last update.
    public func rate(at update: Int, after validationLosses: [Double]) -> Float {
        let fall = Double(total - update + 1) / Double(max(1, total - warmup + 1))
        return Float(Double(peak) * max(0, min(warmupFactor(at: update, warmup: warmup), fall)))
    }
}
