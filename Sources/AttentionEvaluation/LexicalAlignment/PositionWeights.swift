import Glibc

/// The prior for sentences of given lengths.
package struct PositionWeights {
    // e^(−λ·j/m) and e^(−λ·i/n): the ratio of the smaller to the greater is e^(−λ·|j/m − i/n|), which spares the inner
    // loop its exponentials.
    private let sourceDecays: [Double]
    private let targetDecays: [Double]
    private let sum: Double

    package init(_ prior: PositionPrior, sourceCount: Int, targetCount: Int) {
        func decays(_ count: Int) -> [Double] {
            (0..<count).map { exp(-prior.tension * Double($0 + 1) / Double(count)) }
        }
        sourceDecays = decays(sourceCount)
        targetDecays = decays(targetCount)
        sum = 1 - prior.nullProbability
    }

    /// δ(j | i) for all source positions j of one target position i, counted from 0.
    ///
    /// - Parameter weights: as many as the source is long.
    package func fill(_ weights: inout [Double], target: Int) {
        let decay = targetDecays[target]
        var total = 0.0
        for source in sourceDecays.indices {
            let weight = min(sourceDecays[source], decay) / max(sourceDecays[source], decay)
            weights[source] = weight
            total += weight
        }
        for source in sourceDecays.indices { weights[source] *= sum / total }
    }
}
