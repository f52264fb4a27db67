/// Where chosen heads of chosen layers looked, in one kind of attention of a model.
public struct TracedAttention: Sendable, Equatable {
    /// Who looks at whom.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The source, or the one text, at itself.
        case encoder
        /// Each place of a text that is written at those before it.
        case decoder
        /// What is written at what was read.
        case cross
        /// Words of a translation at words of its source: what is left when a model's answer was put together of parts.
        case alignment
    }

    /// Who looks at whom.
    public let kind: Kind
    /// Which sequence of the trace looks.
    public let queries: Int
    /// Which sequence of the trace is looked at.
    public let keys: Int
    /// The layers that were looked into, counted from 0.
    public let layers: [Int]
    /// The heads of each, counted from 0.
    public let heads: [Int]
    /// The head worth showing first, where someone knows one.
    public let chosen: HeadIndex?
    /// Row-major [layers, heads, Q, K]: finite, not negative.
    public let weights: [Float]

    /// Keeps the parts; `ModelTrace` checks that they fit.
    public init(
        kind: Kind, queries: Int, keys: Int, layers: [Int], heads: [Int], chosen: HeadIndex? = nil, weights: [Float]
    ) {
        (self.kind, self.queries, self.keys) = (kind, queries, keys)
        (self.layers, self.heads, self.chosen, self.weights) = (layers, heads, chosen, weights)
    }
}
