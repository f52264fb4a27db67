/// Changes what a search ranks tokens by, before it chooses: forbids some, favours others.
///
/// A search for one hypothesis at a time applies processors to logits, a search with beams to log-probabilities, as the reference does; so
/// what they take away is shared out among the others in the first case, and not in the second.
public protocol LogitProcessor: Sendable {
    /// Changes the scores of the tokens that may follow this text.
    func process(_ scores: TokenScores, after text: WrittenText)
}

/// What a search ranks the tokens of a vocabulary by, for one hypothesis. For use within the call alone.
public struct TokenScores {
    private let elements: UnsafeMutableBufferPointer<Float>

    package init(_ elements: UnsafeMutableBufferPointer<Float>) { self.elements = elements }

    /// V.
    public var count: Int { elements.count }

    /// The score of a token; −∞ means that it may not be written. Tokens outside the vocabulary have none, and none is kept for them.
    public subscript(token: Int) -> Float {
        get { elements.indices.contains(token) ? elements[token] : -.infinity }
        nonmutating set { if elements.indices.contains(token) { elements[token] = newValue } }
    }

    /// Forbids a token.
    public func forbid(_ token: Int) { self[token] = -.infinity }

    /// Forbids all tokens but these, whose score becomes 0.
    public func force(_ tokens: [Int]) {
        elements.update(repeating: -.infinity)
        for token in tokens { self[token] = 0 }
    }
}

/// The text that a token would follow.
public struct WrittenText: Sendable {
    /// What the search began with.
    public let prompt: [Int]
    /// What it has written.
    public let tokens: [Int]
    /// How many tokens it may write at most.
    public let limit: Int

    /// A text of these parts.
    public init(prompt: [Int], tokens: [Int], limit: Int) {
        (self.prompt, self.tokens, self.limit) = (prompt, tokens, limit)
    }

    /// All of it.
    public var all: [Int] { prompt + tokens }

    /// The number of all tokens.
    public var count: Int { prompt.count + tokens.count }
}
