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
        let matches = try self.matches(logits: logits, boxes: boxes, truths: truths)
        let (queryCount, classCount) = (logits.shape[1], logits.shape[2])
        var targets = [Int](repeating: classCount - 1, count: truths.count * queryCount)
        var (places, corners): ([Int], [Float]) = ([], [])
        for (row, truth) in truths.enumerated() {
            for (object, query) in matches[row].enumerated() {
                guard let query else { continue }
                targets[row * queryCount + query] = truth.classes[object]
                places.append(row * queryCount + query)
                corners += truth.boxes[object]
            }
        }
        let count = Float(max(1, truths.reduce(0) { $0 + $1.classes.count }))
        let flat = try logits.reshaped(to: [-1, classCount])
        let found = try flat.crossEntropy(targets: targets.map { $0 == classCount - 1 ? nil : $0 })
        let nothing = try flat.crossEntropy(targets: targets.map { $0 == classCount - 1 ? $0 : nil })
        let weight = Float(places.count) + nothingWeight * Float(targets.count - places.count)
        let classes = (found + nothing * nothingWeight) / weight
        let chosen = try boxes.reshaped(to: [-1, 4]).rows(places, shape: [places.count])
        let expected = try Tensor(corners, shape: [places.count, 4])
        let distance = (chosen - expected).absolute().sum() / count
        let overlap = try BoxOverlap(try chosen.boxCorners(), try expected.boxCorners())
        let apart = (1 - overlap.generalized).sum() / count
        return Parts(
            classes: classes, boxes: distance, overlap: apart,
            total: classes + distance * boxWeight + apart * overlapWeight)
    }

    /// The prediction of each true object of each picture; nil where there are fewer predictions than objects.
    /// - Throws: as the loss.
    public func matches(logits: Tensor, boxes: Tensor, truths: [Truth]) throws(ShapeError) -> [[Int?]] {
        guard logits.shape.rank == 3, boxes.shape == [logits.shape[0], logits.shape[1], 4],
            truths.count == logits.shape[0]
        else {
            throw ShapeError(
                "SetPredictionLoss", expected: "logits [\(truths.count), Q, C + 1] and boxes [\(truths.count), Q, 4]",
                found: "\(logits.shape) and \(boxes.shape)")
        }
        let shares = try logits.detached().softmax()
        var matches: [[Int?]] = []
        for (row, truth) in truths.enumerated() {
            if let bad = truth.classes.first(where: { !(0..<logits.shape[2] - 1).contains($0) }) {
                throw ShapeError(
                    "SetPredictionLoss", expected: "classes below \(logits.shape[2] - 1)", found: "\(bad)")
            }
            let costs = try costs(shares: try shares.at(row), boxes: try boxes.detached().at(row), truth)
            matches.append(try minimalAssignment(costs))
        }
        return matches
    }

    /// A row for each true object, a column for each prediction.
    private func costs(shares: Tensor, boxes: Tensor, _ truth: Truth) throws(ShapeError) -> [[Double]] {
        let classCount = shares.shape[1]
        let likely = shares.values
        return try BoxDistances(boxes, truths: truth.boxes).costs { object, query, distance, overlap in
            Double(boxWeight * distance - classCost * likely[query * classCount + truth.classes[object]])
                - Double(overlapWeight * overlap)
        }
    }
}
