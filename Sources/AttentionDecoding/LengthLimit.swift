/// How long a hypothesis may become: a constant, and so many tokens for each token of the source.
public struct LengthLimit: Sendable, Hashable {
    /// The part that does not depend on the source.
    public var absolute: Int
    /// The part that is multiplied by the source's length.
    public var perSourceToken: Double

    /// absolute + perSourceToken · K.
    public init(absolute: Int, perSourceToken: Double = 0) {
        (self.absolute, self.perSourceToken) = (absolute, perSourceToken)
    }

    /// The steps a search may take for a source of this length, the one that writes the end token included; never fewer than 0.
    public func stepCount(sourceLength: Int) -> Int {
        let steps = Double(absolute) + perSourceToken * Double(sourceLength)
        return steps > 0 ? Int(exactly: steps.rounded(.down)) ?? .max : 0
    }
}
