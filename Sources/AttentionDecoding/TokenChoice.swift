/// A token that may come next, and ln P of it.
public struct TokenChoice: Sendable, Hashable {
    /// Its id.
    public let token: Int
    /// ln P of it given what stands before it, as the model sees it and processors have left it.
    public let logProbability: Float

    /// Whether this choice ranks before another: the likelier first, of equals the one with the lower id.
    func precedes(_ other: TokenChoice) -> Bool {
        (other.logProbability, token) < (logProbability, other.token)
    }
}

/// A token that was written, and what else might stand in its place.
public struct WrittenToken: Sendable, Hashable {
    /// The token, whichever it was.
    public let choice: TokenChoice
    /// The likeliest at its place, best first, the token itself perhaps among them: as many as were asked for.
    public let alternatives: [TokenChoice]
}
