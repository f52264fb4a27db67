/// Refuses what an operation cannot use.
/// - Throws: `ShapeError` with this sentence unless the condition holds.
package func require(
    _ condition: Bool, _ operation: String, expected: @autoclosure () -> String, found: @autoclosure () -> String
) throws(ShapeError) {
    guard condition else { throw ShapeError(operation, expected: expected(), found: found()) }
}

extension Tensor {
    /// Refuses a tensor of another shape before an operator meets it.
    /// - Throws: `ShapeError` in the name of `operation`, which calls this tensor `name`.
    package func requireShape(_ expected: Shape, _ name: String, in operation: String) throws(ShapeError) {
        guard shape == expected else {
            throw ShapeError(operation, expected: "\(name) \(expected)", found: "\(shape)")
        }
    }
}
