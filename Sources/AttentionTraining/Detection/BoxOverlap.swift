public import AttentionTensors

/// How much pairs of boxes overlap, each by its corners [N, 4]: left, top, right, bottom.
public struct BoxOverlap: Sendable {
    /// |A ∩ B| / |A ∪ B|, [N].
    public let intersectionOverUnion: Tensor
    /// The same less |C \ (A ∪ B)| / |C|, C the least box around both, [N]: below 0 where boxes are apart, so that there is a way back
    /// (Rezatofighi et al. 2019, *Generalized Intersection over Union*, alg. 1).
    public let generalized: Tensor

    /// The overlap of each box with the one at the same place.
    /// - Throws: `ShapeError` unless both are [N, 4].
    public init(_ first: Tensor, _ second: Tensor) throws(ShapeError) {
        guard first.shape.rank == 2, first.shape[1] == 4, first.shape == second.shape else {
            throw ShapeError("BoxOverlap", expected: "two tensors [N, 4]", found: "\(first.shape) and \(second.shape)")
        }
        func area(_ corners: [Tensor]) -> Tensor { (corners[2] - corners[0]) * (corners[3] - corners[1]) }
        func side(_ low: Tensor, _ high: Tensor) -> Tensor { (high - low).relu() }
        let (a, b) = (try first.unstacked(axis: 1), try second.unstacked(axis: 1))
        let common =
            side(maximum(a[0], b[0]), minimum(a[2], b[2])) * side(maximum(a[1], b[1]), minimum(a[3], b[3]))
        let union = area(a) + area(b) - common
        let around =
            side(minimum(a[0], b[0]), maximum(a[2], b[2])) * side(minimum(a[1], b[1]), maximum(a[3], b[3]))
        intersectionOverUnion = common / union
        generalized = intersectionOverUnion - (around - union) / around
    }
}

extension Tensor {
    /// Boxes by their centres and sizes [N, 4] – x, y, width, height – as boxes by their corners, [N, 4]: left, top, right, bottom.
    /// - Throws: `ShapeError` unless there are four numbers in a row.
    public func boxCorners() throws(ShapeError) -> Tensor {
        guard shape.rank == 2, shape[1] == 4 else {
            throw ShapeError("boxCorners", expected: "boxes [N, 4]", found: "\(shape)")
        }
        let centre = try sliced(axis: 1, 0..<2)
        let half = try sliced(axis: 1, 2..<4) * 0.5
        return try concatenated([centre - half, centre + half], axis: 1)
    }
}
