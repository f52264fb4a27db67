internal import Glibc

/// A linear climb to a peak, then half a cosine wave down to a floor, where it stays.
///
/// rate(t) = floor + ½ (peak − floor)(1 + cos π (t − warmup) / (total − warmup)) for warmup ≤ t ≤ total
///
/// *Source:* Loshchilov & Hutter 2017, eq. 5, with one period and a warm-up.
public struct CosineSchedule: LearningRateSchedule, Hashable {
    /// The highest rate, reached at update `warmup`.
    public var peak: Float
    /// The lowest rate, reached at update `total`.
    public var floor: Float
    /// How many updates the climb takes.
    public var warmup: Int
    /// The update at which the floor is reached.
    public var total: Int

    /// A schedule over `total` updates.
    public init(peak: Float, floor: Float = 0, warmup: Int = 0, total: Int) {
        self.peak = peak
        self.floor = floor
        self.warmup = warmup
        self.total = total
    }

    /// The formula above; peak · update / warmup before it, floor after it.
    public func rate(at update: Int, after validationLosses: [Double]) -> Float {
        guard update >= warmup else { return Float(Double(peak) * warmupFactor(at: update, warmup: warmup)) }
        guard update < total else { return floor }
        let progress = Double(update - warmup) / Double(total - warmup)
        return floor + Float(0.5 * Double(peak - floor) * (1 + cos(.pi * progress)))
    }
}
