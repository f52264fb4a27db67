import AttentionLayers
package import AttentionMechanisms
package import AttentionTensors
package import AttentionVariants

/// One that tells each word of a single place, without drawing any: the probabilities of all places are added up.
///
///     P(word_t) = Σ_i α_ti P(word_t | h_t, a_i)
///
/// The next state is told the expectation Σ_i α_ti a_i, so that the sum over all sequences of places is a product of sums over places.
///
/// *Source:* Wu, Shapiro & Cotterell 2018, *Hard Non-Monotonic Attention for Character-Level Transduction*; Shankar, Garg & Sarawagi 2018,
/// *Surprisingly Easy Hard-Attention for Sequence to Sequence Learning*.
package struct MarginalLook: Look {
    /// A look.
    package init() {}

    package func glance(
        _ state: Tensor, _ places: Memory, by attention: SpatialSoftAttention, training key: RandomKey?
    ) throws(ShapeError) -> Glance {
        try Glance(try attention(state.unsqueezed(axis: 1), places))
    }

    /// ln P.
    package func words(
        _ state: Tensor, _ glance: Glance, _ places: Memory, by output: WordOutput
    ) throws(ShapeError) -> Tensor {
        let batch = state.shape[0]
        let told = try output.state(state).unsqueezed(axis: 1)  // [B, 1, V]
        let seen = try output.sight(places.values.squeezed(axis: 1))  // [B, L, V]
        let logits = told + (try glance.gate.reshaped(to: [batch, 1, 1])) * seen
        let shares = try weightedSums(glance.weights.unsqueezed(axis: 1), of: try logits.softmax())
        // A probability that is too small for a number would have no logarithm.
        return try (shares.squeezed(axis: 1) + 1e-20).logarithm()
    }

    /// It has no parameters of its own.
    package mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {}
}
