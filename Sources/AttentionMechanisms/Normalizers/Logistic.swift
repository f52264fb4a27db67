internal import Glibc

/// σ(x) = 1 / (1 + e⁻ˣ), accurate in both tails.
func logistic(_ x: Double) -> Double {
    let tail = exp(-abs(x))
    return (x < 0 ? tail : 1) / (1 + tail)
}

/// ln σ(x), accurate in both tails.
func logLogistic(_ x: Double) -> Double { min(x, 0) - log1p(exp(-abs(x))) }
