import AttentionMechanisms
import AttentionTensors
import AttentionTesting

/// A normalizer, and which of the laws it is exempt from by design.
struct NormalizerCase {
    let name: String
    let normalizer: any Normalizer
    /// Whether rows with a visible key sum to 1.
    var sumsToOne = true
    /// Whether the gradient is that of the weights; false for hard choices and straight-through estimators.
    var isDifferentiable = true

    /// Of the scores that the laws are checked with.
    static let shape: Shape = [2, 3, 4, 5]

    func check() throws {
        let laws = NormalizerLaws(normalizer)
        try laws.checkWeights()
        if sumsToOne { try laws.checkSums() }
        try laws.checkForbiddenScoresDoNotLeak()
        try laws.checkRepeatedMasks()
        if isDifferentiable { try laws.checkGradients() }
    }
}
