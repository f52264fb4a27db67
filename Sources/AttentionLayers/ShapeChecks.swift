internal import AttentionTensors

extension Tensor {
    /// Refuses a tensor of another shape before an operator meets it.
    /// - Throws: `ShapeError` in the name of `operation`, which calls this tensor `name`.
    func requireShape(_ expected: Shape, _ name: String, in operation: String) throws(ShapeError) {
        guard shape == expected else {
            throw ShapeError(operation, expected: "\(name) \(expected)", found: "\(shape)")
        }
    }
}
