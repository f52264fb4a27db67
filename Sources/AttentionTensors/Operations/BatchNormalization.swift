extension Tensor {
    /// (x − mean) / √(variance + ε) · gain + bias, channel by channel (Ioffe & Szegedy 2015, *Batch Normalization*, alg. 1), by statistics that are
    /// given: those of the batch in training, those of all batches afterwards.
    ///
    /// - Parameters:
    ///   - mean: one number for each channel, [C], as all that follow.
    ///   - epsilon: ε.
    /// - Returns: [B, C, ...], of this tensor's shape.
    /// - Throws: `ShapeError` if there are no channels, or not one number of each kind for each.
    public func batchNormalized(
        mean: Tensor, variance: Tensor, gain: Tensor, bias: Tensor, epsilon: Float = 1e-5
    ) throws(ShapeError) -> Tensor {
        guard shape.rank >= 2, [mean, variance, gain, bias].allSatisfy({ $0.shape == [shape[1]] }) else {
            throw ShapeError(
                "batchNormalized", expected: "tensors [B, C, ...] and vectors [C]",
                found: "\(shape) and \([mean, variance, gain, bias].map(\.shape))")
        }
        let scale = gain / (variance + epsilon).squareRoot()
        return try scaledByChannel(scale, shift: bias - mean * scale, in: "batchNormalized")
    }

    /// The mean and the biased variance of every channel of [B, C, ...] over items and places, [C] each: part of the graph.
    /// - Throws: `ShapeError` if there are no channels, or no number in each.
    public func channelStatistics() throws(ShapeError) -> (mean: Tensor, variance: Tensor) {
        guard shape.rank >= 2, shape.elementCount > 0 else {
            throw ShapeError(
                "channelStatistics", expected: "tensors [B, C, ...] of at least one element", found: "\(shape)")
        }
        let rows = try transposed(0, 1).reshaped(to: [shape[1], shape.elementCount / shape[1]])  // [C, N]
        let mean = try rows.mean(axis: 1, keepingAxis: true)
        let centred = rows - mean
        return (try mean.squeezed(axis: 1), try (centred * centred).mean(axis: 1))
    }
}
