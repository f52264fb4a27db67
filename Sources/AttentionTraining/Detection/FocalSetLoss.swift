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
        let matches = try self.matches(logits: logits, boxes: boxes, truths: truths)
        let queryCount = logits.shape[1]
        var targets = [Int?](repeating: nil, count: truths.count * queryCount)
        var (places, corners): ([Int], [Float]) = ([], [])
        for (row, truth) in truths.enumerated() {
            for (object, query) in matches[row].enumerated() {
                guard let query else { continue }
                targets[row * queryCount + query] = truth.classes[object]
                places.append(row * queryCount + query)
                corners += truth.boxes[object]
            }
        }
        let classes = try logits.reshaped(to: [targets.count, logits.shape[2]])
            .focalLoss(targets: targets, balance: balance, focus: focus)
        guard !places.isEmpty else {
            return Parts(
                classes: classes, boxes: Tensor(Float(0)), overlap: Tensor(Float(0)), total: classes * classWeight)
        }
        let chosen = try boxes.reshaped(to: [targets.count, 4]).rows(places, shape: [places.count])
        let expected = try Tensor(corners, shape: [places.count, 4])
        let distance = (chosen - expected).absolute().sum()
        let apart = (1 - (try BoxOverlap(try chosen.boxCorners(), try expected.boxCorners()).generalized)).sum()
        return Parts(
            classes: classes, boxes: distance, overlap: apart,
            total: classes * classWeight + distance * boxWeight + apart * overlapWeight)
    }

    /// The prediction of each true object of each picture; nil where there are fewer predictions than objects.
    /// - Throws: as the loss.
    public func matches(
        logits: Tensor, boxes: Tensor, truths: [SetPredictionLoss.Truth]
    ) throws(ShapeError) -> [[Int?]] {
        guard logits.shape.rank == 3, boxes.shape == [logits.shape[0], logits.shape[1], 4],
            truths.count == logits.shape[0]
        else {
            throw ShapeError(
                "FocalSetLoss", expected: "logits [\(truths.count), Q, C] and boxes [\(truths.count), Q, 4]",
                found: "\(logits.shape) and \(boxes.shape)")
        }
        let (likely, classCount) = (logits.detached().sigmoid(), logits.shape[2])
        var matches: [[Int?]] = []
        for (row, truth) in truths.enumerated() {
            if let bad = truth.classes.first(where: { !(0..<classCount).contains($0) }) {
                throw ShapeError("FocalSetLoss", expected: "classes below \(classCount)", found: "\(bad)")
            }
            let shares = try likely.at(row).values
            let costs = try BoxDistances(try boxes.detached().at(row), truths: truth.boxes).costs {
                object, query, distance, overlap in
                cost(ofClass: shares[query * classCount + truth.classes[object]])
                    + Double(boxWeight * distance - overlapWeight * overlap)
            }
            matches.append(try minimalAssignment(costs))
        }
        return matches
    }

    /// What it costs to say that a prediction is of a class that is this likely, rather than that it is not.
    private func cost(ofClass share: Float) -> Double {
        let (p, balance, focus) = (Double(share), Double(balance), Double(focus))
        let whenRight = -balance * pow(1 - p, focus) * log(p + 1e-8)
        let whenWrong = -(1 - balance) * pow(p, focus) * log(1 - p + 1e-8)
        return Double(classWeight) * (whenRight - whenWrong)
    }
}
