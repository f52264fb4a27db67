package import AttentionMechanisms
package import AttentionTensors
package import AttentionVariants

/// One that sees a single place, drawn while it learns, the likeliest afterwards; gradients flow as if it had seen a soft mixture of them.
///
/// *Source:* Jang, Gu & Poole 2017, *Categorical Reparameterization with Gumbel-Softmax*, sec. 2.2 (straight-through).
package struct RelaxedLook: Look {
    /// How far the mixture is from a single place.
    package let temperature: Float

    /// A look at this temperature.
    package init(temperature: Float = 1) { self.temperature = temperature }

    package func glance(
        _ state: Tensor, _ places: Memory, by attention: SpatialSoftAttention, training key: RandomKey?
    ) throws(ShapeError) -> Glance {
        let states = state.unsqueezed(axis: 1)
        guard let key else { return try Glance(try attention(states, places, normalizer: .hardmax)) }
        let noise = Tensor.gumbel([state.shape[0], 1, 1, places.keyCount], key: key)
        return try Glance(
            try attention(
                states, places,
                normalizer: .straightThrough(.gumbelSoftmax(noise: noise, temperature: temperature))))
    }
}
