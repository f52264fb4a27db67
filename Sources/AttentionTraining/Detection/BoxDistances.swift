import AttentionTensors

/// How far the boxes that were predicted on a picture are from those of its objects: each object with each prediction, [N · Q], object by object.
struct BoxDistances {
    /// |box − truth|₁.
    let distances: [Float]
    /// GIoU.
    let overlaps: [Float]
    /// Q.
    let queryCount: Int

    /// Those of predicted boxes [Q, 4] and true ones, by their centres and sizes.
    init(_ boxes: Tensor, truths: [[Float]]) throws(ShapeError) {
        queryCount = boxes.shape[0]
        guard !truths.isEmpty, queryCount > 0 else {
            (distances, overlaps) = ([], [])
            return
        }
        let pairs: Shape = [truths.count, queryCount, 4]
        let found = try boxes.unsqueezed(axis: 0).expanded(to: pairs).reshaped(to: [-1, 4])
        let expected = try Tensor(truths.flatMap(\.self), shape: [truths.count, 1, 4]).expanded(to: pairs)
            .reshaped(to: [-1, 4])
        distances = try (found - expected).absolute().sum(axis: 1).values
        overlaps = try BoxOverlap(try found.boxCorners(), try expected.boxCorners()).generalized.values
    }

    /// A row for each object, a column for each prediction.
    func costs(_ cost: (_ object: Int, _ query: Int, _ distance: Float, _ overlap: Float) -> Double) -> [[Double]] {
        guard queryCount > 0 else { return [] }
        return (0..<distances.count / queryCount).map { object in
            (0..<queryCount).map { query in
                let place = object * queryCount + query
                return cost(object, query, distances[place], overlaps[place])
            }
        }
    }
}
