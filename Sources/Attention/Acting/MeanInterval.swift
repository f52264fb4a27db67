/// The mean of a few independent numbers, and between which values what they are drawn from has its mean, with a confidence of 95 %:
///
///     x̄ ± t s / √n        s² = Σ (x − x̄)² / (n − 1)
///
/// t is the 0.975 quantile of Student's distribution with n − 1 degrees of freedom; of one number alone nothing is known, and the interval is that number.
///
/// *Source:* Student 1908, *The Probable Error of a Mean*; as learning curves have it, Colas, Sigaud & Oudeyer 2018, *How Many Random Seeds?*, sec. 3.
struct MeanInterval {
    /// x̄.
    let mean: Double
    /// t s / √n.
    let reach: Double

    /// t for 1 to 30 degrees of freedom; beyond, the normal distribution's is at most 4 % smaller.
    private static let quantiles = [
        12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281, 2.2010, 2.1788, 2.1604, 2.1448,
        2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860, 2.0796, 2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484,
        2.0452, 2.0423,
    ]

    /// The interval of these numbers, of which there is one at least.
    init(_ values: [Double]) {
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        self.mean = mean
        guard values.count > 1 else {
            reach = 0
            return
        }
        let quantile = values.count - 2 < Self.quantiles.count ? Self.quantiles[values.count - 2] : 1.96
        reach = quantile * (squares / (count - 1) / count).squareRoot()
    }
}
