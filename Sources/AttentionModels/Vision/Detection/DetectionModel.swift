public import AttentionLayers
import AttentionMechanisms
public import AttentionTensors

/// Finds what there is on a picture, and where: a convolutional network, a Transformer that reads what it gives, and one whose slots become one
/// object each, or none (Carion et al. 2020, *End-to-End Object Detection with Transformers*, figure 2).
public struct DetectionModel: Module {
    /// Sees.
    public var backbone: ResNet
    /// From its channels to vectors of the model's size.
    public var projection: Convolution2D
    /// Tells places apart.
    public let positions: SinePositions2D
    /// Places look at each other.
    public var encoder: [TransformerEncoderLayer]
    /// What tells slots apart, [Q, M].
    public var slots: Parameter
    /// Slots look at places.
    public var decoder: [ObjectDecoderLayer]
    /// The norm behind the last layer.
    public var decoderNorm: LayerNorm
    /// Which class a slot's object is of; the last is none.
    public var classes: Linear
    /// Where its box is: maps one after the other, cut at 0 between them.
    public var boxes: [Linear]
    /// What the classes are called, without that of nothing.
    public let labels: [String]

    /// What the model makes of pictures.
    public struct Output: Sendable {
        /// [B, Q, C + 1].
        public let logits: Tensor
        /// [B, Q, 4], shares of the picture: x and y of the centre, width, height.
        public let boxes: Tensor
        /// What the encoder gives, [B, L, M].
        public let encoded: EncoderOutput
        /// What the slots become, [B, Q, M].
        public let last: Tensor
        /// What every layer of the decoder reads, and `last`; empty unless asked for.
        public let hiddenStates: [Tensor]
        /// Where the chosen heads of the chosen layers look among slots, [B, heads, Q, Q].
        public let slotAttentions: [LayerAttention]
        /// Where they look on the picture, [B, heads, Q, L].
        public let sourceAttentions: [LayerAttention]
        /// The rows and columns of places.
        public let grid: ImageSize
    }

    /// Pictures [B, C, height, width], of which these pixels are real, [B · height · width]; all if nil.
    /// - Throws: `ShapeError` if the shapes do not fit.
    public func callAsFunction(
        _ images: Tensor, present: [Bool]? = nil, observing: Observation = .nothing
    ) throws(ShapeError) -> Output {
        let map = try projection(try backbone(images))  // [B, M, h, w]
        let (rowCount, grid) = (map.shape[0], ImageSize(height: map.shape[2], width: map.shape[3]))
        let x = try map.reshaped(to: [rowCount, map.shape[1], grid.height * grid.width]).transposed(1, 2).contiguous()
        let real = try self.real(present, images.shape, on: grid)
        let places = try positions(present: real, rowCount: rowCount, height: grid.height, width: grid.width)
        let presence = try Presence(try Mask(real, shape: [rowCount, grid.height * grid.width]))
        let encoded = try encode(x, places, presence, observing)
        let decoded = try decode(encoded.last, places, presence, observing)
        var corners = decoded.last
        for (index, map) in boxes.enumerated() {
            corners = try map(corners, activation: index < boxes.count - 1 ? .relu : .identity)
        }
        return Output(
            logits: try classes(decoded.last), boxes: corners.sigmoid(), encoded: encoded, last: decoded.last,
            hiddenStates: decoded.states, slotAttentions: decoded.among, sourceAttentions: decoded.looked, grid: grid)
    }

    /// Which places of the grid are real: those whose nearest pixel is.
    private func real(_ present: [Bool]?, _ images: Shape, on grid: ImageSize) throws(ShapeError) -> [Bool] {
        let (rowCount, height, width) = (images[0], images[2], images[3])
        guard let present else { return [Bool](repeating: true, count: rowCount * grid.height * grid.width) }
        guard present.count == rowCount * height * width else {
            throw ShapeError(
                "DetectionModel", expected: "an entry for each pixel of \(images)", found: "\(present.count)")
        }
        func nearest(_ place: Int, _ count: Int, _ pixels: Int) -> Int {
            min(pixels - 1, Int(Float(place) * (Float(pixels) / Float(count))))
        }
        return (0..<rowCount).flatMap { row in
            (0..<grid.height).flatMap { y in
                (0..<grid.width).map { x in
                    let line = row * height + nearest(y, grid.height, height)
                    return present[line * width + nearest(x, grid.width, width)]
                }
            }
        }
    }

    private func encode(
        _ x: Tensor, _ places: Tensor, _ presence: Presence, _ observing: Observation
    ) throws(ShapeError) -> EncoderOutput {
        var (x, record) = (x, EncoderRecord(observing))
        record.keep(x)
        for layer in encoder {
            x = try record.pass(x, through: layer, present: presence, places: places, training: nil)
            record.keep(x)
        }
        return EncoderOutput(last: x, hiddenStates: record.hiddenStates, attentions: record.attentions)
    }

    private struct Decoded {
        var last: Tensor
        var states: [Tensor] = []
        var among: [LayerAttention] = []
        var looked: [LayerAttention] = []
    }

    private func decode(
        _ encoded: Tensor, _ places: Tensor, _ presence: Presence, _ observing: Observation
    ) throws(ShapeError) -> Decoded {
        var decoded = Decoded(last: .zeros([encoded.shape[0], slots.shape[0], slots.shape[1]]))
        let chosen = observing.attentions
        for (index, layer) in decoder.enumerated() {
            decoded.states.append(decoded.last)
            let source = try layer.crossAttention.remember(
                keys: encoded + places, values: encoded, present: presence)
            let output = try layer(
                decoded.last, slots: slots.tensor, source: source,
                wanting: chosen.contains(layer: index) ? [.source, .target] : [])
            decoded.last = output.output
            if let weights = output.targetWeights {
                decoded.among.append(try LayerAttention(layer: index, of: weights, heads: chosen.heads))
            }
            if let weights = output.sourceWeights {
                decoded.looked.append(try LayerAttention(layer: index, of: weights, heads: chosen.heads))
            }
        }
        decoded.last = try decoderNorm(decoded.last)
        decoded.states = observing.hiddenStates ? decoded.states + [decoded.last] : []
        return decoded
    }

    /// `backbone.…`, `projection.…`, `encoder.0.…`, `slots`, `decoder.0.…`, `decoder_norm.…`, `classes.…` and `boxes.0.…`.
    public mutating func visit<Visitor: ParameterVisitor>(
        _ visitor: inout Visitor, _ path: ParameterPath
    ) throws(Visitor.Failure) {
        try backbone.visit(&visitor, path / "backbone")
        try projection.visit(&visitor, path / "projection")
        try encoder.visit(&visitor, path / "encoder")
        try slots.visit(&visitor, path / "slots")
        try decoder.visit(&visitor, path / "decoder")
        try decoderNorm.visit(&visitor, path / "decoder_norm")
        try classes.visit(&visitor, path / "classes")
        try boxes.visit(&visitor, path / "boxes")
    }
}
