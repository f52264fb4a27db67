import AttentionTensors

extension Array where Element == Tensor {
    /// Changes the elements of all tensors in place, after making this array their only owner.
    mutating func withMutableElements(_ body: ([UnsafeMutablePointer<Float>]) -> Void) {
        // Each buffer stays where it is for as long as its tensor is not touched again.
        let elements = indices.map { index in self[index].withMutableElements { $0 } }
        withExtendedLifetime(self) { body(elements) }
    }
}

extension Tensor {
    /// Runs `body` on ranges of elements, in parallel: those of this tensor, which may be changed, and those of others of as many.
    mutating func update(
        from gradient: Tensor, _ memory: inout [Tensor],
        _ body: (
            Range<Int>, UnsafeMutablePointer<Float>, UnsafePointer<Float>, [UnsafeMutablePointer<Float>]
        ) -> Void
    ) {
        let count = shape.elementCount
        gradient.withElements { gradient in
            withMutableElements { weights in
                memory.withMutableElements { memory in
                    Parallel.forEachChunk(of: count, grain: 32768) { body($0, weights, gradient, memory) }
                }
            }
        }
    }
}
