import AttentionLayers
package import AttentionMechanisms
package import AttentionTensors

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

    /// L_z a_i, what each place says of each word before the gate, [B, L, V].
    package func prospect(of places: Memory, by output: WordOutput) throws(ShapeError) -> Tensor {
        try output.sight(places.values.squeezed(axis: 1))
    }

    /// ln P.
    package func words(
        _ state: Tensor, _ glance: Glance, _ prospect: Tensor, by output: WordOutput
    ) throws(ShapeError) -> Tensor {
        let batch = state.shape[0]
        let told = try output.state(state).unsqueezed(axis: 1)  // [B, 1, V]
        let logits = told + (try glance.gate.reshaped(to: [batch, 1, 1])) * prospect  // [B, L, V]
        let shares = try weightedSums(glance.weights.unsqueezed(axis: 1), of: try logits.softmax())
        // A probability that is too small for a number would have no logarithm.
        return try (shares.squeezed(axis: 1) + 1e-20).logarithm()
    }
}
