public import AttentionTensors
internal import Glibc

/// How wrong a set of predictions is that says of each class on its own how likely it is, so that nothing needs no class: each true object is matched
/// with one prediction, all of them together at the least cost, and the others are of no class (Zhu et al. 2021, *Deformable DETR*, sec. 4 and appendix
/// A.4; the focal cost as in their code):
///
///     cost = c (−α (1 − p)^γ ln p + (1 − α) p^γ ln (1 − p)) + b |box − truth|₁ − g GIoU
///     loss = c Σ focal + b Σ |box − truth|₁ + g Σ (1 − GIoU)
///
/// `SetPredictionLoss` has a class of nothing instead. Most predictions are of nothing: by focal loss those that are known to be count for little, so that
/// the few others are learnt sooner.
public struct FocalSetLoss: Sendable, Hashable {
    /// c: what classes count.
    public var classWeight: Float = 2
    /// b: what the distance of boxes counts.
    public var boxWeight: Float = 5
    /// g: what their overlap counts.
    public var overlapWeight: Float = 2
    /// α: what it counts that a class is the one, against that it is not.
    public var balance: Float = 0.25
    /// γ: how little counts what is known.
    public var focus: Float = 2

    /// The weights of the paper's code.
    public init() {}

    /// The parts of the loss, sums over the objects of all pictures, scalars.
    public struct Parts: Sendable {
        /// Σ focal, over all predictions and classes.
        public let classes: Tensor
        /// Σ |box − truth|₁.
        public let boxes: Tensor
        /// Σ (1 − GIoU).
        public let overlap: Tensor
        /// What is differentiated, to be divided by the number of objects.
        public let total: Tensor
    }

    /// The loss of predictions for B pictures.
    /// - Parameters:
    ///   - logits: [B, Q, C].
    ///   - boxes: [B, Q, 4], shares of the picture: x and y of the centre, width, height.
    ///   - truths: the objects of each picture.
    /// - Throws: `ShapeError` if the shapes do not fit, or a class is none of C.
    public func callAsFunction(
        logits: Tensor, boxes: Tensor, truths: [SetPredictionLoss.Truth]
    ) throws(ShapeError) -> Parts {
        let matched = ObjectMatches(
            truths, by: try matches(logits: logits, boxes: boxes, truths: truths), queryCount: boxes.shape[1])
        let classes = try logits.reshaped(to: [matched.classes.count, logits.shape[2]])
            .focalLoss(targets: matched.classes, balance: balance, focus: focus)
        guard !matched.places.isEmpty else {
            return Parts(
                classes: classes, boxes: Tensor(Float(0)), overlap: Tensor(Float(0)), total: classes * classWeight)
        }
        let (distance, apart) = try matched.errors(of: boxes)
        return Parts(
            classes: classes, boxes: distance, overlap: apart,
            total: classes * classWeight + distance * boxWeight + apart * overlapWeight)
    }

    /// The prediction of each true object of each picture; nil where there are fewer predictions than objects.
    /// - Throws: as the loss.
    public func matches(
        logits: Tensor, boxes: Tensor, truths: [SetPredictionLoss.Truth]
    ) throws(ShapeError) -> [[Int?]] {
        let likely = logits.detached().sigmoid().values
        return try ObjectMatches.cheapest(
            logits: logits, boxes: boxes, truths: truths, nothing: 0, in: "FocalSetLoss"
        ) { place, distance, overlap in
            let prediction = place.row * logits.shape[1] + place.query
            let share = likely[prediction * logits.shape[2] + truths[place.row].classes[place.object]]
            return cost(ofClass: share) + Double(boxWeight * distance - overlapWeight * overlap)
        }
    }

    /// What it costs to say that a prediction is of a class that is this likely, rather than that it is not.
    private func cost(ofClass share: Float) -> Double {
        let (p, balance, focus) = (Double(share), Double(balance), Double(focus))
        let whenRight = -balance * pow(1 - p, focus) * log(p + 1e-8)
        let whenWrong = -(1 - balance) * pow(p, focus) * log(1 - p + 1e-8)
        return Double(classWeight) * (whenRight - whenWrong)
    }
}
