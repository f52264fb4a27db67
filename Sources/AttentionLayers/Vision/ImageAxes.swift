package import AttentionTensors

/// The sizes of images (or feature maps) [B, C, H, W], and the ways attention looks at them: as positions, row by row, or as channels.
package struct ImageAxes: Sendable, Hashable {
    package let batch: Int
    package let channelCount: Int
    package let height: Int
    package let width: Int

    /// - Throws: `ShapeError` in the name of `operation` unless there are four axes.
    package init(of images: Tensor, for operation: String) throws(ShapeError) {
        guard images.shape.rank == 4 else {
            throw ShapeError(operation, expected: "images [B, C, H, W]", found: "\(images.shape)")
        }
        (batch, channelCount) = (images.shape[0], images.shape[1])
        (height, width) = (images.shape[2], images.shape[3])
    }

    /// N = H · W.
    package var positionCount: Int { height * width }

    /// [B, C, H, W] → [B, C, N]
    package func channels(of images: Tensor) throws(ShapeError) -> Tensor {
        try images.reshaped(to: [batch, images.shape[1], positionCount])
    }

    /// [B, C, H, W] → [B, N, C]
    package func positions(of images: Tensor) throws(ShapeError) -> Tensor { try channels(of: images).transposed() }

    /// [B, C', N] → [B, C', H, W]
    package func images(channels: Tensor) throws(ShapeError) -> Tensor {
        try channels.reshaped(to: [batch, channels.shape[1], height, width])
    }

    /// [B, N, C'] → [B, C', H, W]
    package func images(positions: Tensor) throws(ShapeError) -> Tensor { try images(channels: positions.transposed()) }

    /// The mean of each channel, [B, C]; 0 over no positions.
    package func means(of images: Tensor) throws(ShapeError) -> Tensor {
        try channels(of: images).sum(axis: 2) / Float(max(1, positionCount))
    }

    /// Images with each channel times its weight [B, C].
    /// - Throws: `ShapeError` in the name of `operation` unless there is one weight for each channel.
    package func scaled(_ images: Tensor, by weights: Tensor, for operation: String) throws(ShapeError) -> Tensor {
        try weights.requireShape([batch, channelCount], "weights", in: operation)
        return images * (try weights.reshaped(to: [batch, channelCount, 1, 1]))
    }
}
