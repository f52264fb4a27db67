internal import Glibc

/// Σ_{i<t} e^(k_i − (t−1−i) w) (v_i, 1, and both times the age t−1−i), over e^maximum.
struct FadingPast {
    private var maximum = -Double.infinity
    private var (sum, count, agedSum, agedCount) = (0.0, 0.0, 0.0, 0.0)

    /// What position t reads.
    struct Mean {
        var mean = 0.0
        /// ln of the denominator.
        var logCount = -Double.infinity
        /// The weight of position t itself.
        var presentShare = 0.0
        /// e^maximum over the denominator: what the past's sums are to be multiplied by.
        var pastShare = 0.0
    }

    func read(_ line: FadingAverage.Channel, _ t: Int) -> Mean {
        let present = t < line.count ? line.key(t) + line.bonus : -.infinity
        let top = max(maximum, present)
        guard top > -.infinity else { return Mean() }
        let (pastFactor, presentFactor) = (exp(maximum - top), exp(present - top))
        let total = pastFactor * count + presentFactor
        let numerator = pastFactor * sum + (t < line.count ? presentFactor * line.value(t) : 0)
        return Mean(
            mean: numerator / total, logCount: top + log(total), presentShare: presentFactor / total,
            pastShare: pastFactor / total)
    }

    /// Σ_{i<t} (t−1−i) a_ti (v_i − out_t).
    func meanAgeSlope(_ mean: Mean) -> Double { mean.pastShare * (agedSum - mean.mean * agedCount) }

    /// Goes on from t to t + 1.
    mutating func take(_ line: FadingAverage.Channel, _ t: Int) {
        (agedSum, agedCount) = (agedSum + sum, agedCount + count)
        maximum -= line.fading
        guard t < line.count, line.key(t) > -.infinity else { return }
        let top = max(maximum, line.key(t))
        let (old, new) = (exp(maximum - top), exp(line.key(t) - top))
        (sum, count) = (old * sum + new * line.value(t), old * count + new)
        (agedSum, agedCount) = (old * agedSum, old * agedCount)
        maximum = top
    }
}

/// Σ_{t>i} e^(−(t−1−i) w) g_t (1, out_t) / denominator_t, over e^maximum.
struct FadingFuture {
    private var maximum = -Double.infinity
    private var (sum, readSum) = (0.0, 0.0)

    /// dv_i = Σ_{t≥i} a_ti g_t and dk_i = Σ_{t≥i} a_ti g_t (v_i − out_t).
    func slopes(
        _ line: FadingAverage.Channel, _ i: Int, _ mean: FadingPast.Mean, upstream g: Double
    ) -> (key: Double, value: Double) {
        let factor = exp(line.key(i) + maximum)
        let value = factor * sum + mean.presentShare * g
        return (line.value(i) * value - factor * readSum - mean.presentShare * g * mean.mean, value)
    }

    /// Goes on from i to i − 1.
    mutating func take(_ mean: FadingPast.Mean, upstream g: Double, fading: Double) {
        maximum -= fading
        guard mean.logCount > -.infinity else { return }
        let top = max(maximum, -mean.logCount)
        let (old, new) = (exp(maximum - top), exp(-mean.logCount - top))
        (sum, readSum) = (old * sum + new * g, old * readSum + new * g * mean.mean)
        maximum = top
    }
}
