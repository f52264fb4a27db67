public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors
internal import Glibc

/// Finds what there is on a picture, and where, small enough to be trained from its beginning on a few hundred pictures: DETR whose slots are the places
/// of the picture, each of which begins with what was seen there and with a box around itself.
///
///     x⁰ = encoder(convolutions(picture)),  xⁱ = decoderⁱ(xⁱ⁻¹, x⁰)
///     bⁱ = bⁱ⁻¹ + Bⁱ(xⁱ),  box = σ(bⁱ),  p(class) = σ(Cⁱ(xⁱ)),  i = 0 … D
///
/// Slots that begin nowhere need hundreds of epochs until they look somewhere (Zhu et al. 2021); slots that begin at places need few (Wang et al. 2022,
/// *Anchor DETR*; Yao et al. 2021, *Efficient DETR*, whose dense prior this is). The boxes of each layer are learnt against those of the layer before, which
/// are constants to it (Zhu et al. 2021, appendix A.4). Since slots look at each other, one of them speaks for each object: nothing has to be suppressed.
public struct PlaceDetectionModel: Module {
    /// What each slot answers: of which classes its object is, and where its box is against the answer before.
    public struct Answer: Module {
        /// The norm before the maps.
        public var norm: LayerNorm
        /// C.
        public var classes: Linear
        /// The hidden layer of B.
        public var hidden: Linear
        /// The map behind it, to x and y of the centre, width and height.
        public var box: Linear

        /// Maps without their numbers.
        init(_ size: Int, classCount: Int) {
            norm = LayerNorm(size)
            classes = Linear(size, classCount, key: .blank)
            hidden = Linear(size, size, key: .blank)
            box = Linear(size, 4, key: .blank)
        }

        /// Slots [B, Q, M] → logits [B, Q, C], and how far boxes move, [B, Q, 4].
        /// - Throws: `ShapeError` if the shapes do not fit.
        public func callAsFunction(_ x: Tensor) throws(ShapeError) -> (logits: Tensor, change: Tensor) {
            let x = try norm(x)
            return (try classes(x), try box(try hidden(x, activation: .relu)))
        }

        /// `norm.…`, `classes.…`, `hidden.…` and `box.…`.
        public mutating func visit<Visitor: ParameterVisitor>(
            _ visitor: inout Visitor, _ path: ParameterPath
        ) throws(Visitor.Failure) {
            try norm.visit(&visitor, path / "norm")
            try classes.visit(&visitor, path / "classes")
            try hidden.visit(&visitor, path / "hidden")
            try box.visit(&visitor, path / "box")
        }
    }

    /// The first convolution; half of the rows and columns are left behind it, as behind each block.
    public var stem: AttentiveNetwork.Unit
    /// The other convolutions.
    public var blocks: [AttentiveNetwork.Block]
    /// Tells places apart.
    public let positions: SinePositions2D
    /// Places look at each other.
    public var encoder: [TransformerEncoderLayer]
    /// The norm behind the encoder.
    public var encoderNorm: LayerNorm
    /// Slots look at each other, and at places.
    public var decoder: [ObjectDecoderLayer]
    /// What they answer behind the encoder and behind each layer of the decoder, the last of which counts.
    public var answers: [Answer]
    /// The sides of the box around a place before anything is answered, shares of those of the picture.
    public let boxSize: Float
    /// What the classes are called.
    public let labels: [String]

    /// What the model makes of pictures.
    public struct Output: Sendable {
        /// [B, Q, C] behind the encoder and behind each layer of the decoder.
        public let logits: [Tensor]
        /// [B, Q, 4] likewise, shares of the picture: x and y of the centre, width, height.
        public let boxes: [Tensor]
        /// What the encoder gives, [B, L, M], Q being L.
        public let encoded: EncoderOutput
        /// Where the chosen heads of the chosen layers look among slots, [B, heads, Q, Q].
        public let slotAttentions: [LayerAttention]
        /// Where they look on the picture, [B, heads, Q, L].
        public let sourceAttentions: [LayerAttention]
        /// The rows and columns of places.
        public let grid: ImageSize
    }

    /// The answers about pictures [B, C, height, width].
    /// - Parameter key: the source of dropout; nil when not training.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ images: Tensor, observing: AttentionSelection = .none, training key: RandomKey? = nil
    ) throws(ShapeError) -> Output {
        var map = try stem(images).relu()
        for block in blocks { map = try block(map).output }  // [B, M, h, w]
        let (rowCount, grid) = (map.shape[0], ImageSize(height: map.shape[2], width: map.shape[3]))
        let x = try map.reshaped(to: [rowCount, map.shape[1], grid.height * grid.width]).transposed(1, 2).contiguous()
        let places = try positions(
            present: [Bool](repeating: true, count: grid.height * grid.width), rowCount: 1, height: grid.height,
            width: grid.width)
        let encoded = try encode(x, places, observing, key?[0])
        return try decode(encoded, places, grid, observing, key?[1])
    }

    private func encode(
        _ x: Tensor, _ places: Tensor, _ observing: AttentionSelection, _ key: RandomKey?
    ) throws(ShapeError) -> EncoderOutput {
        var (x, record) = (x, EncoderRecord(Observation(attentions: observing)))
        for (index, layer) in encoder.enumerated() {
            x = try record.pass(x, through: layer, present: .all, places: places, training: key?[index])
        }
        return EncoderOutput(last: try encoderNorm(x), hiddenStates: [], attentions: record.attentions)
    }

    private func decode(
        _ encoded: EncoderOutput, _ places: Tensor, _ grid: ImageSize, _ observing: AttentionSelection,
        _ key: RandomKey?
    ) throws(ShapeError) -> Output {
        var (x, box) = (encoded.last, Self.start(grid, size: boxSize))
        var (logits, boxes): ([Tensor], [Tensor]) = ([], [])
        var (among, looked): ([LayerAttention], [LayerAttention]) = ([], [])
        for (index, answer) in answers.enumerated() {
            if index > 0 {
                let layer = decoder[index - 1]
                let source = try layer.crossAttention.remember(
                    keys: encoded.last + places, values: encoded.last, present: .all)
                let output = try layer(
                    x, slots: try places.at(0), source: source,
                    wanting: observing.contains(layer: index - 1) ? [.source, .target] : [], training: key?[index])
                x = output.output
                if let weights = output.targetWeights {
                    among.append(try LayerAttention(layer: index - 1, of: weights, heads: observing.heads))
                }
                if let weights = output.sourceWeights {
                    looked.append(try LayerAttention(layer: index - 1, of: weights, heads: observing.heads))
                }
            }
            let found = try answer(x)
            box = box.detached() + found.change
            logits.append(found.logits)
            boxes.append(box.sigmoid())
        }
        return Output(
            logits: logits, boxes: boxes, encoded: encoded, slotAttentions: among, sourceAttentions: looked, grid: grid)
    }

    /// The boxes around places before anything is answered, as logits, [1, L, 4].
    private static func start(_ grid: ImageSize, size: Float) -> Tensor {
        func logit(_ share: Float) -> Float { log(share / (1 - share)) }
        return Tensor(shape: [1, grid.height * grid.width, 4]) { out in
            for place in 0..<grid.height * grid.width {
                let (row, column) = place.quotientAndRemainder(dividingBy: grid.width)
                out[place * 4] = logit((Float(column) + 0.5) / Float(grid.width))
                out[place * 4 + 1] = logit((Float(row) + 0.5) / Float(grid.height))
                out[place * 4 + 2] = logit(size)
                out[place * 4 + 3] = logit(size)
            }
        }
    }

    /// `stem.…`, `blocks.0.…`, `encoder.0.…`, `encoder_norm.…`, `decoder.0.…` and `answers.0.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try stem.visit(&visitor, path / "stem")
        try blocks.visit(&visitor, path / "blocks")
        try encoder.visit(&visitor, path / "encoder")
        try encoderNorm.visit(&visitor, path / "encoder_norm")
        try decoder.visit(&visitor, path / "decoder")
        try answers.visit(&visitor, path / "answers")
    }
}
