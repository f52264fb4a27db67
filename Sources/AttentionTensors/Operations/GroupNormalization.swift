extension Tensor {
    /// (x − mean) / √(variance + ε) · gain + bias, with the mean and the biased variance of each item and group of channels, over all places
    /// (Wu & He 2018, *Group Normalization*, eq. 1–5); with as many groups as channels, instance normalisation.
    ///
    /// - Parameters:
    ///   - groupCount: G.
    ///   - gain: one number for each channel, [C].
    ///   - bias: likewise.
    ///   - epsilon: ε.
    /// - Returns: [B, C, ...], of this tensor's shape.
    /// - Throws: `ShapeError` if there are no channels, not G groups of them, or not one gain and one bias for each.
    public func groupNormalized(
        groupCount: Int, gain: Tensor, bias: Tensor, epsilon: Float = 1e-5
    ) throws(ShapeError) -> Tensor {
        guard shape.rank >= 2, groupCount > 0, shape[1] % groupCount == 0 else {
            throw ShapeError(
                "groupNormalized", expected: "tensors [B, C, ...] of \(groupCount) equal groups of channels",
                found: "\(shape)")
        }
        let places = shape.dimensions.dropFirst(2).reduce(1, *)
        let size = shape[1] / groupCount * places
        let normalized = try reshaped(to: [shape[0], groupCount, size])
            .layerNormalized(gain: .ones([size]), bias: .zeros([size]), epsilon: epsilon)
        return try normalized.reshaped(to: shape.dimensions)
            .scaledByChannel(gain, shift: bias, in: "groupNormalized")
    }

    /// x · gain + shift with one number of each for every channel of [B, C, ...].
    func scaledByChannel(_ gain: Tensor, shift: Tensor, in operation: String) throws(ShapeError) -> Tensor {
        try gain.requireShape([shape[1]], "a gain", in: operation)
        try shift.requireShape([shape[1]], "a bias", in: operation)
        let channels = [shape[1]] + [Int](repeating: 1, count: shape.rank - 2)
        return self * (try gain.reshaped(to: channels)) + (try shift.reshaped(to: channels))
    }
}
