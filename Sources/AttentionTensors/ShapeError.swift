/// An operation was given tensors (or ids) that do not fit it.
///
/// The sentence names the operation, what was expected, what was found and, if there is one, the way out:
/// `matmul: expected 64 rows in the second operand to match [2, 64], found [32, 8]`.
public struct ShapeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The operation that refused, as it is called in code.
    public let operation: String
    /// What would have fitted.
    public let expected: String
    /// What was given.
    public let found: String
    /// How to go on, where that is known.
    public let wayOut: String?

    /// An error of `operation`.
    public init(_ operation: String, expected: String, found: String, wayOut: String? = nil) {
        self.operation = operation
        self.expected = expected
        self.found = found
        self.wayOut = wayOut
    }

    /// The whole sentence.
    public var description: String {
        "\(operation): expected \(expected), found \(found)" + (wayOut.map { "; \($0)" } ?? "")
    }
}
