/// Where in the source the translation of a target word is looked for, before any word is known.
///
/// For target position i of n and source position j of m, both counted from 1,
///
///     δ(null | i) = p₀
///     δ(j | i)    = (1 − p₀) · e^(−λ·|j/m − i/n|) / Z        Z such that the sum over j is 1 − p₀
///
/// With tension λ = 0 all source positions are alike, as in IBM Model 1; the greater λ, the closer links keep to the
/// diagonal.
///
/// - Source: Dyer, Chahuneau and Smith (2013), *A Simple, Fast, and Effective Reparameterization of IBM Model 2*,
///   where positions are named as there; the lengths are not: its m is that of the target, its n that of the
///   source.
public struct PositionPrior: Sendable, Hashable {
    /// λ, how strongly links are drawn to the diagonal, from 0.
    public package(set) var tension: Double

    /// p₀, the share of target words expected to translate nothing, from 0 to below 1.
    public let nullProbability: Double

    /// Whether training replaces the tension by the one that explains the sentences best.
    public let isEstimated: Bool

    private init(tension: Double, nullProbability: Double, isEstimated: Bool) {
        precondition(
            tension >= 0 && tension <= Self.greatestTension,
            "PositionPrior: expected a tension from 0 to \(Self.greatestTension), found \(tension)")
        precondition(
            nullProbability >= 0 && nullProbability < 1,
            "PositionPrior: expected a null probability from 0 to below 1, found \(nullProbability)")
        self.tension = tension
        self.nullProbability = nullProbability
        self.isEstimated = isEstimated
    }

    /// All source positions alike: IBM Model 1.
    public static func uniform(nullProbability: Double = 0.08) -> PositionPrior {
        PositionPrior(tension: 0, nullProbability: nullProbability, isEstimated: false)
    }

    /// Positions near the diagonal preferred, by a tension that stays as it is.
    public static func diagonal(tension: Double = 4, nullProbability: Double = 0.08) -> PositionPrior {
        PositionPrior(tension: tension, nullProbability: nullProbability, isEstimated: false)
    }

    /// Positions near the diagonal preferred, by a tension that is estimated anew in each iteration.
    public static func estimatedDiagonal(
        initialTension: Double = 4, nullProbability: Double = 0.08
    ) -> PositionPrior {
        PositionPrior(tension: initialTension, nullProbability: nullProbability, isEstimated: true)
    }

    /// Beyond this all but the nearest position have no weight, and powers of e would underflow before long.
    package static let greatestTension = 100.0
}
