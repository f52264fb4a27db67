import AttentionTensors

/// True objects of B pictures, and the predictions that were matched with them: what losses of sets have in common.
struct ObjectMatches: Sendable {
    /// The class of the object that each prediction was matched with, [B · Q]; nil for none.
    let classes: [Int?]
    /// The predictions that were, among all of them, picture by picture.
    let places: [Int]
    /// The box of the object of each of these, one after another.
    private let corners: [Float]

    /// Objects and the prediction of each; nil where there are fewer predictions than objects.
    init(_ truths: [SetPredictionLoss.Truth], by matches: [[Int?]], queryCount: Int) {
        var classes = [Int?](repeating: nil, count: truths.count * queryCount)
        var (places, corners): ([Int], [Float]) = ([], [])
        for (row, truth) in truths.enumerated() {
            for (object, query) in matches[row].enumerated() {
                guard let query else { continue }
                classes[row * queryCount + query] = truth.classes[object]
                places.append(row * queryCount + query)
                corners += truth.boxes[object]
            }
        }
        (self.classes, self.places, self.corners) = (classes, places, corners)
    }

    /// How far predicted boxes [B, Q, 4] are from those of their objects: Σ |box − truth|₁ and Σ (1 − GIoU), scalars.
    func errors(of boxes: Tensor) throws(ShapeError) -> (distance: Tensor, apart: Tensor) {
        let chosen = try boxes.reshaped(to: [classes.count, 4]).rows(places, shape: [places.count])
        let expected = try Tensor(corners, shape: [places.count, 4])
        let overlap = try BoxOverlap(try chosen.boxCorners(), try expected.boxCorners())
        return ((chosen - expected).absolute().sum(), (1 - overlap.generalized).sum())
    }

    /// The prediction of each true object of each picture, all of a picture together at the least cost; nil where there are fewer predictions than objects.
    /// - Parameters:
    ///   - logits: [B, Q, C], and `nothing` more classes, which no object has: 0 or 1.
    ///   - boxes: [B, Q, 4].
    ///   - cost: what it costs to match an object of a picture with a prediction that is this far from it and overlaps it so much.
    /// - Throws: `ShapeError` in the name of `operation` if the shapes do not fit, or a class is none of C.
    static func cheapest(
        logits: Tensor, boxes: Tensor, truths: [SetPredictionLoss.Truth], nothing: Int, in operation: String,
        cost: (_ place: (row: Int, object: Int, query: Int), _ distance: Float, _ overlap: Float) -> Double
    ) throws(ShapeError) -> [[Int?]] {
        guard logits.shape.rank == 3, boxes.shape == [logits.shape[0], logits.shape[1], 4],
            truths.count == logits.shape[0]
        else {
            throw ShapeError(
                operation,
                expected:
                    "logits [\(truths.count), Q, C\(nothing > 0 ? " + \(nothing)" : "")] and boxes [\(truths.count), Q, 4]",
                found: "\(logits.shape) and \(boxes.shape)")
        }
        let classCount = logits.shape[2] - nothing
        var matches: [[Int?]] = []
        for (row, truth) in truths.enumerated() {
            if let bad = truth.classes.first(where: { !(0..<classCount).contains($0) }) {
                throw ShapeError(operation, expected: "classes below \(classCount)", found: "\(bad)")
            }
            let distances = try BoxDistances(try boxes.detached().at(row), truths: truth.boxes)
            matches.append(
                try minimalAssignment(
                    distances.costs { object, query, distance, overlap in
                        cost((row, object, query), distance, overlap)
                    }))
        }
        return matches
    }
}
