public import AttentionTensors

/// How wrong a set of predictions is that has no order: each true object is matched with one prediction, all of them together at the least cost,
/// and the others are to say that there is nothing (Carion et al. 2020, *End-to-End Object Detection with Transformers*, eq. 1 and 2):
///
///     cost = −c p(class) + b |box − truth|₁ − g GIoU,  loss = cross-entropy + b |box − truth|₁ / N + g (1 − GIoU) / N
public struct SetPredictionLoss: Sendable, Hashable {
    /// c: what a probability counts in the matching.
    public var classCost: Float = 1
    /// b: what the distance of boxes counts.
    public var boxWeight: Float = 5
    /// g: what their overlap counts.
    public var overlapWeight: Float = 2
    /// What a prediction of nothing counts in the cross-entropy, since most are.
    public var nothingWeight: Float = 0.1

    /// The weights of the paper.
    public init() {}

    /// The true objects of one picture.
    public struct Truth: Sendable, Hashable {
        /// Their classes.
        public var classes: [Int]
        /// Their boxes, shares of the picture: x and y of the centre, width, height.
        public var boxes: [[Float]]

        /// Objects of these classes at these boxes.
        /// - Throws: `ShapeError` unless there is a box for each, of four numbers from 0 to 1.
        public init(classes: [Int], boxes: [[Float]]) throws(ShapeError) {
            guard classes.count == boxes.count else {
                throw ShapeError(
                    "Truth", expected: "a box for each of \(classes.count) objects", found: "\(boxes.count)")
            }
            if let bad = boxes.first(where: { $0.count != 4 || !$0.allSatisfy { 0...1 ~= $0 } }) {
                throw ShapeError(
                    "Truth", expected: "a box of x, y, width and height in shares of the picture, from 0 to 1",
                    found: "\(bad)")
            }
            (self.classes, self.boxes) = (classes, boxes)
        }
    }

    /// The parts of the loss, scalars.
    public struct Parts: Sendable {
        /// The weighted mean of the cross-entropies of all predictions.
        public let classes: Tensor
        /// Σ |box − truth|₁ / N.
        public let boxes: Tensor
        /// Σ (1 − GIoU) / N.
        public let overlap: Tensor
        /// What is differentiated.
        public let total: Tensor
    }

    /// The loss of predictions for B pictures.
    /// - Parameters:
    ///   - logits: [B, Q, C + 1], the last class being nothing.
    ///   - boxes: [B, Q, 4], shares of the picture: x and y of the centre, width, height.
    ///   - truths: the objects of each picture.
    /// - Throws: `ShapeError` if the shapes do not fit, or a class is none of C.
    public func callAsFunction(logits: Tensor, boxes: Tensor, truths: [Truth]) throws(ShapeError) -> Parts {
        let matched = ObjectMatches(
            truths, by: try matches(logits: logits, boxes: boxes, truths: truths), queryCount: boxes.shape[1])
        let nothing = logits.shape[2] - 1
        let flat = try logits.reshaped(to: [matched.classes.count, nothing + 1])
        let found = try flat.crossEntropy(targets: matched.classes)
        let others = try flat.crossEntropy(targets: matched.classes.map { $0 == nil ? nothing : nil })
        let foundCount = matched.places.count
        let weight = Float(foundCount) + nothingWeight * Float(matched.classes.count - foundCount)
        let classes = (found + others * nothingWeight) / weight
        let errors = try matched.errors(of: boxes)
        let count = Float(max(1, truths.reduce(0) { $0 + $1.classes.count }))
        let (distance, apart) = (errors.distance / count, errors.apart / count)
        return Parts(
            classes: classes, boxes: distance, overlap: apart,
            total: classes + distance * boxWeight + apart * overlapWeight)
    }

    /// The prediction of each true object of each picture; nil where there are fewer predictions than objects.
    /// - Throws: as the loss.
    public func matches(logits: Tensor, boxes: Tensor, truths: [Truth]) throws(ShapeError) -> [[Int?]] {
        let likely = try logits.detached().softmax().values
        return try ObjectMatches.cheapest(
            logits: logits, boxes: boxes, truths: truths, nothing: 1, in: "SetPredictionLoss"
        ) { place, distance, overlap in
            let prediction = place.row * logits.shape[1] + place.query
            let share = likely[prediction * logits.shape[2] + truths[place.row].classes[place.object]]
            return Double(boxWeight * distance - classCost * share) - Double(overlapWeight * overlap)
        }
    }
}
