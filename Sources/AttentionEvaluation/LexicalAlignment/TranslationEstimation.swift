import Glibc

/// How translation probabilities follow from how often words are expected to translate each other.
public enum TranslationEstimation: Sendable, Hashable {
    /// t(f | e) = c(e, f) / c(e): the probabilities that make the sentences most likely.
    ///
    /// - Source: Brown et al. (1993), *The Mathematics of Statistical Machine Translation*, Model 1.
    case maximumLikelihood

    /// t(f | e) = exp ψ(c(e, f) + α) / exp ψ(Σ_f′ (c(e, f′) + α)), the sum over all words seen together with e, for a
    /// concentration α > 0. The smaller α, the fewer translations a word has; it keeps rare words from collecting all
    /// that is left over in their sentences, which matters most when the very sentences learnt from are linked. The
    /// probabilities of a word sum to less than 1.
    ///
    /// - Source: Riley and Gildea (2012), *Improving the IBM Alignment Models Using Variational Bayes*.
    case variationalBayes(concentration: Double)

    /// Updates the probabilities of one row from its counts. Without any count they are zero.
    func update(_ probabilities: inout [Double], from counts: [Double], in row: Range<Int>) {
        switch self {
        case .maximumLikelihood:
            let total = row.reduce(0) { $0 + counts[$1] }
            for entry in row { probabilities[entry] = total > 0 ? counts[entry] / total : 0 }
        case .variationalBayes(let concentration):
            precondition(
                concentration > 0, "variationalBayes: expected a concentration above 0, found \(concentration)")
            let total = row.reduce(0) { $0 + counts[$1] + concentration }
            let normalizer = digamma(total)
            for entry in row { probabilities[entry] = exp(digamma(counts[entry] + concentration) - normalizer) }
        }
    }
}

/// ψ(x) = d/dx ln Γ(x) for x > 0, to about 13 digits.
///
/// - Source: Abramowitz and Stegun, *Handbook of Mathematical Functions*, 6.3.5 (recurrence) and 6.3.18 (asymptotic
///   series).
package func digamma(_ x: Double) -> Double {
    var (x, result) = (x, 0.0)
    while x < 10 {
        result -= 1 / x
        x += 1
    }
    let square = 1 / (x * x)
    let series = 1.0 / 12 - square * (1.0 / 120 - square * (1.0 / 252 - square * (1.0 / 240 - square / 132)))
    return result + log(x) - 1 / (2 * x) - square * series
}
