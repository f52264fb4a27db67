import AttentionLayers
public import AttentionTensors

extension CausalLanguageModel {
    /// Σ −ln P(target | what stands before it), over all places of a batch that have a target.
    ///
    /// - Parameters:
    ///   - targets: what follows each token, row-major; nil where nobody asks.
    ///   - key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if an id is outside the vocabulary, or there are too many in a row.
    public func loss(
        _ batch: TokenBatch, targets: [Int?], training key: RandomKey? = nil
    ) throws(ShapeError) -> Tensor {
        let hidden = try decoder(batch, training: key).last
        let rows = try hidden.reshaped(to: [-1, hidden.shape[2]])
        guard logitCap == nil else { return try logits(rows).crossEntropy(targets: targets) }
        return try linearCrossEntropy(
            rows, weight: head?.weight ?? decoder.words.weight, bias: head?.bias, targets: targets)
    }
}
