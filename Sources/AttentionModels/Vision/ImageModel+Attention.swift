public import AttentionTensors

extension ImageModel {
    /// How many layers can be looked into: those of the encoder, and behind them the head where it looks itself.
    public var layerCount: Int { encoder.layerCount + (head.looks ? 1 : 0) }

    /// Where the chosen heads of the encoder looked, and behind them, as one layer more, where the head did: [B, 1, 1, L].
    /// - Throws: `ShapeError` if that was made by another model.
    public func attentions(
        _ encoded: EncoderOutput, of selection: AttentionSelection
    ) throws(ShapeError) -> [LayerAttention] {
        guard selection.contains(layer: encoder.layerCount), let weights = try head.weights(encoded.last) else {
            return encoded.attentions
        }
        return encoded.attentions + [LayerAttention(layer: encoder.layerCount, weights: weights)]
    }
}
