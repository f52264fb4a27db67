internal import Glibc

/// How the scores of hypotheses of different lengths are made comparable: score = ln P(Y) / divisor(|Y|).
///
/// |Y| counts every token whose probability is part of the sum, the end token included.
public enum LengthNormalization: Sendable, Hashable {
    /// ln P(Y) as it is, which favours short hypotheses.
    case none
    /// ln P(Y) / |Y|: the mean over the tokens.
    case mean
    /// ln P(Y) / ((5 + |Y|) / 6)^α. Source: Wu et al. 2016, equation 14, without the coverage penalty.
    case gnmt(alpha: Double = 0.6)
    /// ln P(Y) / |Y|^α, as transformers has it.
    case power(Double)

    /// What the sum over `length` tokens is divided by.
    func divisor(_ length: Int) -> Double {
        switch self {
        case .none: 1
        case .mean: Double(max(1, length))
        case .power(let exponent): pow(Double(max(1, length)), exponent)
        case .gnmt(let alpha): pow((5 + Double(length)) / 6, alpha)
        }
    }

    /// Whether a sum that does not change is worth more the longer it is.
    var favoursLength: Bool { divisor(2) > divisor(1) }
}
