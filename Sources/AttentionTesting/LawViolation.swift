/// A law that a part of a mechanism breaks.
public struct LawViolation: Error, Sendable, Hashable, CustomStringConvertible {
    /// The law, as a sentence that holds for every part of its kind.
    public let law: String
    /// What was found instead.
    public let found: String

    init(_ law: String, found: String) {
        self.law = law
        self.found = found
    }

    /// Law and finding.
    public var description: String { "expected that \(law), found \(found)" }
}

/// - Throws: `LawViolation` unless the condition holds.
func require(_ condition: Bool, _ law: String, found: @autoclosure () -> String) throws(LawViolation) {
    guard condition else { throw LawViolation(law, found: found()) }
}
