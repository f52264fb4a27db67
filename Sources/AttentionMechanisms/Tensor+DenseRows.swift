internal import AttentionTensors

extension Tensor {
    /// The same values with every row along the last axis dense, outside the graph.
    func withDenseRows() -> Tensor {
        (strides[3] == 1 || shape[3] == 1 ? self : copied()).detached()
    }

    /// Where the rows of one head of one item begin; axes of size 1 are repeated.
    func rows(_ item: Int, _ head: Int) -> UnsafeMutablePointer<Float> {
        storage.elements + offset + (shape[0] == 1 ? 0 : item * strides[0]) + (shape[1] == 1 ? 0 : head * strides[1])
    }
}
