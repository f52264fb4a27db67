/// The lengths of a sentence and its translation, m and n.
package struct SentenceLengths: Hashable {
    let source: Int
    let target: Int

    package init(source: Int, target: Int) {
        self.source = source
        self.target = target
    }

    /// |j/m − i/n| for positions counted from 0.
    func distance(source j: Int, target i: Int) -> Double {
        abs(Double(j + 1) / Double(source) - Double(i + 1) / Double(target))
    }
}

/// How far from the diagonal links are expected to lie, and the tension that explains it best.
///
/// With γ the probability of a link given the sentences, the tension maximises
///
///     Q(λ) = Σ_i Σ_j γ_ij · ln δ(j | i; λ)        Q′(λ) = Σ_i γ_i · E_δ[d_ij] − Σ_ij γ_ij · d_ij,   γ_i = Σ_j γ_ij
///
/// for the distances d_ij = |j/m − i/n|: those that the prior expects are to agree with those found.
///
/// - Source: Dyer, Chahuneau and Smith (2013), where some steps of gradient ascent are taken; here Q, which
///   is concave, is maximised to the end, so that no iteration can make the sentences less likely.
package struct DiagonalDistances {
    /// γ_i, summed over all sentences of the same lengths.
    private var masses: [SentenceLengths: [Double]] = [:]

    /// Σ_ij γ_ij · d_ij.
    private var found = 0.0

    package init() {}

    /// Adds the links of one target word.
    ///
    /// - Parameter links: γ_ij for each source position, and perhaps more behind them.
    package mutating func add(_ links: [Double], target: Int, lengths: SentenceLengths) {
        guard lengths.source > 1 else { return }  // a single source word tells nothing
        var mass = 0.0
        for source in 0..<lengths.source {
            mass += links[source]
            found += links[source] * lengths.distance(source: source, target: target)
        }
        masses[lengths, default: [Double](repeating: 0, count: lengths.target)][target] += mass
    }

    /// The prior with the tension that maximises Q, from 0 to the greatest, found by Newton's method within brackets. It
    /// stays as it is where no sentence tells anything.
    package func updated(_ prior: PositionPrior) -> PositionPrior {
        // In order, so that the sums do not depend on that of a dictionary.
        let masses = masses.sorted { ($0.key.source, $0.key.target) < ($1.key.source, $1.key.target) }
        var updated = prior
        var (low, high) = (0.0, PositionPrior.greatestTension)
        for _ in 0..<60 {
            let (slope, curvature) = derivatives(of: masses, at: updated)
            guard curvature < 0 else { break }
            if slope > 0 { low = updated.tension } else { high = updated.tension }
            let step = updated.tension - slope / curvature
            let next = step > low && step < high ? step : (low + high) / 2
            let change = abs(next - updated.tension)
            updated.tension = next
            if change < 1e-9 { break }
        }
        return updated
    }

    /// Q′ and Q″ = −Σ_i γ_i · Var_δ[d_ij].
    private func derivatives(
        of masses: [(key: SentenceLengths, value: [Double])], at prior: PositionPrior
    ) -> (slope: Double, curvature: Double) {
        var (slope, curvature) = (-found, 0.0)
        for (lengths, masses) in masses {
            let positions = PositionWeights(prior, sourceCount: lengths.source, targetCount: lengths.target)
            var weights = [Double](repeating: 0, count: lengths.source)
            for target in 0..<lengths.target {
                positions.fill(&weights, target: target)
                var (mean, square) = (0.0, 0.0)
                for source in 0..<lengths.source {
                    let distance = lengths.distance(source: source, target: target)
                    mean += weights[source] * distance
                    square += weights[source] * distance * distance
                }
                let sum = 1 - prior.nullProbability
                slope += masses[target] * mean / sum
                curvature -= masses[target] * (square / sum - mean * mean / (sum * sum))
            }
        }
        return (slope, curvature)
    }
}
