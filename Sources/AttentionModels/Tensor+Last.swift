import AttentionTensors

extension Tensor {
    /// [R, T, M] → [R, M]: the last of the first `lengths` of each row.
    func last(of lengths: [Int]) throws(ShapeError) -> Tensor {
        let count = shape[1]
        if count == 1 { return try squeezed(axis: 1) }
        return try reshaped(to: [-1, shape[2]]).rows(
            lengths.enumerated().map { $0 * count + $1 - 1 }, shape: [lengths.count])
    }
}
