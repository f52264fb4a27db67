public import AttentionLayers
public import AttentionTensors

/// A small convolutional network with short cuts (He et al. 2016), in whose blocks attention says what counts, each block with half as many rows and
/// columns as the one before:
///
///     x ← relu(attention(norm(W₂ ∗ relu(norm(W₁ ∗ x)))) + shortcut(x))
///
/// Norms are those of groups of channels (Wu & He 2018), which need no memory of other batches.
public struct AttentiveNetwork: ImageEncoder {
    /// norm(W ∗ x).
    public struct Unit: Module {
        /// W.
        public var convolution: Convolution2D
        /// The norm.
        public var norm: GroupNorm

        /// A unit without its numbers, whose groups have eight channels.
        init(_ inputCount: Int, _ outputCount: Int, size: Int, stride: Int = 1) {
            convolution = Convolution2D(
                inputCount, outputCount, size: (size, size), hasBias: false, stride: (stride, stride),
                padding: (size / 2, size / 2), key: .blank)
            norm = GroupNorm(outputCount, groupCount: max(1, outputCount / 8))
        }

        /// [B, C, H, W] → [B, O, H', W'].
        /// - Throws: `ShapeError` if the shapes do not fit.
        public func callAsFunction(_ x: Tensor) throws(ShapeError) -> Tensor { try norm(try convolution(x)) }

        /// `convolution.…` and `norm.…`.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            try convolution.visit(&visitor, path / "convolution")
            try norm.visit(&visitor, path / "norm")
        }
    }

    /// Two convolutions, attention and a short cut.
    public struct Block: Module {
        /// The first convolution.
        public var first: Unit
        /// The second.
        public var second: Unit
        /// What counts of what they give.
        public var attention: BlockAttention
        /// Brings x to the size of what they give; nil where it has it.
        public var shortcut: Unit?

        /// [B, C, H, W] → [B, O, H', W'], and how much each place counts, [B, 1, H', W'], if places are weighed.
        /// - Throws: `ShapeError` if the shapes do not fit.
        public func callAsFunction(_ x: Tensor) throws(ShapeError) -> (output: Tensor, places: Tensor?) {
            let (branch, places) = try attention(try second(Activation.relu(try first(x))))
            return (Activation.relu(branch + (try shortcut?(x) ?? x)), places)
        }

        /// `first.…`, `second.…`, `attention.…` and `shortcut.…`, as far as there are any.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            try first.visit(&visitor, path / "first")
            try second.visit(&visitor, path / "second")
            try attention.visit(&visitor, path / "attention")
            try shortcut.visit(&visitor, path / "shortcut")
        }
    }

    /// What comes before the blocks.
    public var stem: Unit
    /// The blocks.
    public var blocks: [Block]
    /// What counts in each of them.
    public let kind: BlockAttention.Kind

    /// A network without its numbers.
    init(channelCount: Int, sizes: [Int], attention kind: BlockAttention.Kind, reduction: Int, kernelSize: Int) {
        self.kind = kind
        stem = Unit(channelCount, sizes[0], size: 3)
        blocks = sizes.indices.map { index in
            let (from, to, stride) = (sizes[max(0, index - 1)], sizes[index], index == 0 ? 1 : 2)
            return Block(
                first: Unit(from, to, size: 3, stride: stride), second: Unit(to, to, size: 3),
                attention: BlockAttention(
                    kind, channelCount: to, reduction: reduction, kernelSize: kernelSize),
                shortcut: from == to && stride == 1 ? nil : Unit(from, to, size: 1, stride: stride))
        }
    }

    /// The channels of what it gives.
    public var modelSize: Int { blocks.last?.second.norm.gain.shape[0] ?? stem.norm.gain.shape[0] }
    /// How many blocks weigh places.
    public var layerCount: Int { kind.weighsPlaces ? blocks.count : 0 }
    /// Each weighs them once.
    public var headCount: Int { kind.weighsPlaces ? 1 : 0 }

    /// The places of the first block, in which those of the others are seen, too.
    public func placeNames(height: Int, width: Int) -> [String]? { ImageSize(height: height, width: width).placeNames }
    public func placeGrid(height: Int, width: Int) -> ImageSize? { ImageSize(height: height, width: width) }
    /// The picture as a whole, if places are weighed.
    public func lookingNames(height: Int, width: Int) -> [String]? { kind.weighsPlaces ? ["picture"] : nil }

    /// Pictures [B, C, height, width] → vectors [B, L, M], one for each place behind the last block. Where places are weighed, the weights of a block
    /// are [B, 1, 1, height · width]: each place of a later block covers several of the picture's.
    public func encode(
        _ images: Tensor, observing: Observation, training key: RandomKey?
    ) throws(ShapeError) -> EncoderOutput {
        var x = Activation.relu(try stem(images))
        var (states, attentions): ([Tensor], [LayerAttention]) = ([], [])
        func keep(_ x: Tensor) throws(ShapeError) {
            if observing.hiddenStates { states.append(try Self.vectors(x)) }
        }
        try keep(x)
        for (index, block) in blocks.enumerated() {
            let (output, places) = try block(x)
            x = output
            try keep(x)
            if let places, observing.attentions.contains(layer: index) {
                let wide = try places.detached().repeated(toHeight: images.shape[2], width: images.shape[3])
                let weights = try wide.reshaped(to: [images.shape[0], 1, 1, images.shape[2] * images.shape[3]])
                attentions.append(
                    try LayerAttention(layer: index, of: weights, heads: observing.attentions.heads))
            }
        }
        return EncoderOutput(last: try Self.vectors(x), hiddenStates: states, attentions: attentions)
    }

    /// [B, C, H, W] → [B, H · W, C].
    private static func vectors(_ x: Tensor) throws(ShapeError) -> Tensor {
        try x.reshaped(to: [x.shape[0], x.shape[1], x.shape[2] * x.shape[3]]).transposed(1, 2)
    }

    /// `stem.…` and `blocks.0.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try stem.visit(&visitor, path / "stem")
        try blocks.visit(&visitor, path / "blocks")
    }
}

extension Tensor {
    /// [B, C, h, w] → [B, C, height, width]: each row and column as often as there are rows and columns for it.
    fileprivate func repeated(toHeight height: Int, width: Int) throws(ShapeError) -> Tensor {
        let (rows, columns) = (shape[2], shape[3])
        let tall = try transposed(0, 2).selecting((0..<height).map { $0 * rows / height }).transposed(0, 2)
        return try tall.transposed(0, 3).selecting((0..<width).map { $0 * columns / width }).transposed(0, 3)
    }
}
