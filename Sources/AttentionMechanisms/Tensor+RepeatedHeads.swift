package import AttentionTensors

extension Tensor {
    /// [B, H, K, D] → [B, H · count, K, D]: every head `count` times in a row, for queries that share keys and values.
    package func repeatingHeads(_ count: Int) throws(ShapeError) -> Tensor {
        guard count != 1 else { return self }
        let (batch, heads, keys, size) = (shape[0], shape[1], shape[2], shape[3])
        return try unsqueezed(axis: 2).expanded(to: [batch, heads, count, keys, size])
            .reshaped(to: [batch, heads * count, keys, size])
    }
}
