public import AttentionTensors

/// A model that finds objects on pictures: a set of answers, one of each slot, of which many say that there is nothing.
public protocol DetectingModel: PretrainedModel {
    /// What the classes are called.
    var labels: [String] { get }
    /// How many layers look at the picture for objects.
    var layerCount: Int { get }
    /// The heads of each of them.
    var headCount: Int { get }

    /// What there is on pictures [B, C, height, width], of which these pixels are real, [B · height · width]; all if nil.
    /// - Throws: `ShapeError` if the shapes do not fit.
    func find(_ images: Tensor, present: [Bool]?, observing: AttentionSelection) throws(ShapeError) -> FoundObjects
}

/// What the slots of a model found on pictures.
public struct FoundObjects: Sendable {
    /// How sure each slot is of each class, from 0 to 1, [B, Q, C].
    public let scores: Tensor
    /// [B, Q, 4], shares of the picture: x and y of the centre, width, height.
    public let boxes: Tensor
    /// Where the chosen heads of the chosen layers looked on the picture, [B, heads, Q, L].
    public let attentions: [LayerAttention]
    /// The rows and columns of places.
    public let grid: ImageSize

    /// What these slots found.
    public init(scores: Tensor, boxes: Tensor, attentions: [LayerAttention], grid: ImageSize) {
        (self.scores, self.boxes, self.attentions, self.grid) = (scores, boxes, attentions, grid)
    }
}
