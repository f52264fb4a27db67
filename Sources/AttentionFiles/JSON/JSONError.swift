/// Bytes that are not the JSON they should be.
public struct JSONError: Error, Sendable, Hashable {
    /// Where reading stopped, in bytes from the start.
    public let byte: Int
    /// What should stand there.
    public let expected: String

    /// An error at this byte.
    package init(byte: Int, expected: String) {
        self.byte = byte
        self.expected = expected
    }
}

extension JSONError: CustomStringConvertible {
    /// The phrase that follows the name of the document.
    public var description: String { "expected \(expected) at byte \(byte) of the JSON document" }
}
