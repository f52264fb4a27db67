public import AttentionLayers
public import AttentionTensors

/// Convolutions with short cuts around them, in stages of ever fewer and wider places (He et al. 2016, *Deep Residual Learning for Image
/// Recognition*, table 1).
public struct ResNet: Module {
    /// f(norm(W ∗ x)).
    public struct Unit: Module {
        /// W.
        public var convolution: Convolution2D
        /// The norm, by statistics that are kept.
        public var norm: BatchNorm
        /// f.
        public let activation: Activation

        /// [B, C, H, W] → [B, O, H', W'].
        /// - Throws: `ShapeError` if the shapes do not fit.
        public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
            activation(try norm(try convolution(x)))
        }

        /// `convolution.…` and `norm.…`.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            try convolution.visit(&visitor, path / "convolution")
            try norm.visit(&visitor, path / "norm")
        }
    }

    /// f(units(x) + shortcut(x)).
    public struct Block: Module {
        /// One after the other.
        public var units: [Unit]
        /// Brings x to the size of what they give; nil where it has it.
        public var shortcut: Unit?
        /// f.
        public let activation: Activation

        /// [B, C, H, W] → [B, O, H', W'].
        /// - Throws: `ShapeError` if the shapes do not fit.
        public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor {
            var branch = x
            for unit in units { branch = try unit(branch) }
            return activation(branch + (try shortcut?(x) ?? x))
        }

        /// `units.0.…` and `shortcut.…` if there is one.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            try units.visit(&visitor, path / "units")
            try shortcut.visit(&visitor, path / "shortcut")
        }
    }

    /// What comes before the stages, and before the largest of nine neighbours is taken.
    public var stem: Unit
    /// The stages.
    public var stages: [[Block]]

    /// The channels of what it gives.
    public var channelCount: Int { stages.last?.last?.units.last?.norm.gain.shape[0] ?? stem.norm.gain.shape[0] }

    /// Pictures [B, C, height, width] → [B, O, height / 32, width / 32], rounded up.
    /// - Throws: `ShapeError` if there are not C channels.
    public func callAsFunction(_ images: Tensor) throws(ShapeError) -> Tensor {
        var x = try maximumPooling2D(try stem(images), kernel: (3, 3), stride: (2, 2), padding: (1, 1))
        for stage in stages { for block in stage { x = try block(x) } }
        return x
    }

    /// `stem.…` and `stages.0.0.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try stem.visit(&visitor, path / "stem")
        try stages.visit(&visitor, path / "stages")
    }
}
