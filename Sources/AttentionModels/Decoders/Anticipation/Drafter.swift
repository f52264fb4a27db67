public import AttentionTensors

/// Guesses cheaply how a text goes on. A guess that does not hold costs time and changes nothing: see `AnticipatingModel`.
public protocol Drafter: Sendable {
    /// What it remembers of the text that it was asked about last.
    associatedtype Memory: Sendable
    /// Nothing read yet.
    var start: Memory { get }
    /// The tokens that may follow a text, the nearest first; none where it has no idea.
    /// - Throws: `ShapeError` if a token is not in its vocabulary.
    func guesses(behind text: [Int], _ memory: inout Memory) throws(ShapeError) -> [Int]
}

/// Guesses nothing.
public struct NoDrafter: Drafter {
    /// Guesses nothing.
    public init() {}

    public var start: Void { () }

    public func guesses(behind text: [Int], _ memory: inout Void) -> [Int] { [] }
}
