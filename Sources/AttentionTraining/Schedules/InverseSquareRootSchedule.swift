/// A linear climb to a peak, then a fall with the square root of time.
///
/// rate(t) = peak · min(√(warmup / t), t / warmup)
///
/// *Source:* Vaswani et al. 2017, eq. 3, where peak = scale · modelSize^−½ · warmup^−½.
public struct InverseSquareRootSchedule: LearningRateSchedule, Hashable {
    /// The highest rate, reached at update `warmup`.
    public var peak: Float
    /// How many updates the climb takes; at least 1.
    public var warmup: Int

    /// The schedule with this highest rate.
    public init(peak: Float, warmup: Int) {
        self.peak = peak
        self.warmup = warmup
    }

    /// The paper's form: rate(t) = scale · modelSize^−½ · min(t^−½, t · warmup^−1.5).
    public init(modelSize: Int, warmup: Int, scale: Float = 1) {
        let product = Double(max(1, modelSize)) * Double(max(1, warmup))
        self.init(peak: Float(Double(scale) / product.squareRoot()), warmup: warmup)
    }

    /// peak · min(√(warmup / update), update / warmup)
    public func rate(at update: Int, after validationLosses: [Double]) -> Float {
        let (time, warmup) = (Double(max(1, update)), Double(max(1, warmup)))
        return Float(Double(peak) * min((warmup / time).squareRoot(), time / warmup))
    }
}
