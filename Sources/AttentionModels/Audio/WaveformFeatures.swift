public import AttentionLayers
public import AttentionTensors

/// Convolutions that make a vector of every stretch of a sound's samples (Baevski et al. 2020, *wav2vec 2.0*, sec. 2).
public struct WaveformFeatures: Module {
    /// A convolution, a norm and an activation, one after the other.
    public struct Block: Module {
        /// The convolution.
        public var convolution: Convolution1D
        /// What brings its outputs to a common size.
        public var norm: BlockNorm

        /// A block of these parts.
        public init(convolution: Convolution1D, norm: BlockNorm) {
            (self.convolution, self.norm) = (convolution, norm)
        }

        /// Those of the convolution, and `norm.…`.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            try convolution.visit(&visitor, path / "convolution")
            try norm.visit(&visitor, path / "norm")
        }
    }

    /// The norm of a block.
    public enum BlockNorm: Module {
        /// None.
        case none
        /// Of each channel over all moments.
        case channels(GroupNorm)
        /// Of each moment over all channels.
        case moments(LayerNorm)

        /// [B, C, T] → [B, C, T].
        func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
            switch self {
            case .none: x
            case .channels(let norm): try norm(x)
            case .moments(let norm): try norm(x.transposed(1, 2)).transposed(1, 2)
            }
        }

        /// Those of the norm.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            switch self {
            case .none: break
            case .channels(var norm):
                try norm.visit(&visitor, path)
                self = .channels(norm)
            case .moments(var norm):
                try norm.visit(&visitor, path)
                self = .moments(norm)
            }
        }
    }

    /// The blocks, first to last.
    public var blocks: [Block]
    /// What follows each.
    public let activation: Activation

    /// Features of these blocks.
    public init(blocks: [Block], activation: Activation) { (self.blocks, self.activation) = (blocks, activation) }

    /// How many vectors so many samples become; 0 if they are too few for one.
    public func momentCount(sampleCount: Int) -> Int {
        blocks.reduce(sampleCount) { count, block in
            let size = block.convolution.weight.shape[2]
            return count < size ? 0 : (count - size) / block.convolution.stride + 1
        }
    }

    /// Samples [B, T] → vectors [B, K, C].
    /// - Throws: `ShapeError` if the samples are too few for a vector.
    public func callAsFunction(_ samples: Tensor) throws(ShapeError) -> Tensor {
        guard samples.shape.rank == 2, momentCount(sampleCount: samples.shape[1]) > 0 else {
            throw ShapeError(
                "WaveformFeatures", expected: "samples [B, T], enough for a vector", found: "\(samples.shape)",
                wayOut: "fill short sounds up with silence")
        }
        var x = samples.unsqueezed(axis: 1)
        for block in blocks { x = activation(try block.norm(try block.convolution(x))) }
        return x.transposed(1, 2)
    }

    /// `blocks.0.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try blocks.visit(&visitor, path / "blocks")
    }
}
