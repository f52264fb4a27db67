package import AttentionTensors
import AttentionVariants

/// One that sees the mean of all places, each by its share (Xu et al. 2015, sec. 4.2).
package struct SoftLook: Look {
    /// λ: what it costs that the words of a caption together do not look at every place once (sec. 4.2.1); 0 for nothing.
    package let coverage: Float

    /// A look with this cost.
    package init(coverage: Float = 0) { self.coverage = coverage }

    /// λ Σ_i (1 − Σ_t α_ti)² of all captions.
    package func cost(of glances: [Glance], _ told: ToldCaptions) throws(ShapeError) -> Tensor? {
        guard coverage > 0, let first = glances.first else { return nil }
        let shape: Shape = [first.weights.shape[0], glances.count, 1]
        let isWord = try Tensor(
            (0..<shape[0]).flatMap { row in told.isWord.map { $0[row] } }, shape: shape)
        let weights = try stacked(glances.map(\.weights), axis: 1) * isWord
        return try SpatialSoftAttention.penalty(of: weights, coverage).sum()
    }
}
