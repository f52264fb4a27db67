internal import Glibc

/// A number and its derivative along one direction: x + x′ε with ε² = 0.
///
/// Whatever is computed with dual numbers computes its own derivative on the way. Marginals are first derivatives of ln Z; computed with
/// dual numbers they bring the second ones, without another algorithm.
///
/// *Source:* Clifford 1873, *Preliminary Sketch of Biquaternions*; Pearlmutter 1994, *Fast Exact Multiplication by the Hessian*.
struct Dual: Sendable {
    /// x.
    var value: Double
    /// x′.
    var tangent = 0.0

    /// The logarithm of 1, the probability of what cannot be.
    static let zero = Dual(value: 0)
    /// The probability of what is certain.
    static let one = Dual(value: 1)
    /// The logarithm of 0.
    static let impossible = Dual(value: -.infinity)

    static func + (left: Dual, right: Dual) -> Dual {
        Dual(value: left.value + right.value, tangent: left.tangent + right.tangent)
    }

    static func += (left: inout Dual, right: Dual) { left = left + right }

    static func - (left: Dual, right: Dual) -> Dual {
        Dual(value: left.value - right.value, tangent: left.tangent - right.tangent)
    }

    static func * (left: Dual, right: Dual) -> Dual {
        Dual(value: left.value * right.value, tangent: left.tangent * right.value + left.value * right.tangent)
    }

    /// eˣ.
    var exponential: Dual {
        let image = exp(value)
        return Dual(value: image, tangent: image * tangent)
    }
}

/// ln Σ exp over the terms of a range, its maximum taken out first; `impossible` if there is no term, or none that is possible.
func logSumExp(over range: Range<Int>, _ term: (Int) -> Dual) -> Dual {
    var maximum = -Double.infinity
    // Written so that NaN is not passed over.
    for index in range where !(term(index).value <= maximum) { maximum = term(index).value }
    guard maximum != -.infinity else { return .impossible }
    var (sum, slope) = (0.0, 0.0)
    for index in range {
        let term = term(index)
        let weight = exp(term.value - maximum)
        sum += weight
        slope += weight * term.tangent
    }
    return Dual(value: maximum + log(sum), tangent: slope / sum)
}

/// ln (exp first + exp second).
func logSumExp(_ first: Dual, _ second: Dual) -> Dual { logSumExp(over: 0..<2) { $0 == 0 ? first : second } }
