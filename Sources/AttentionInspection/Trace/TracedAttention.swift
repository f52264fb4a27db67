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

    /// What is made of parts, where weights are their probabilities and no shares of one unit of attention.
    ///
    /// - Source: Kim, Denton, Hoang & Rush (2017), *Structured Attention Networks*.
    public enum Structure: String, Sendable, Codable, CaseIterable {
        /// A tree over a text: how probably each word hangs from each other, its head; what is missing to 1 hangs from the root.
        case arcs
        /// Segments of what is read: how probably each place is read, by itself or together with its neighbours.
        case segments
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
    /// What weights are probabilities of; nil where they are shares of attention.
    public let structure: Structure?
    /// How many of the greatest weights of each row are kept, the others being 0; nil where all are.
    public let top: Int?
    /// Row-major [layers, heads, Q, K]: finite, not negative.
    public let weights: [Float]

    /// Keeps the parts; `ModelTrace` checks that they fit.
    public init(
        kind: Kind, queries: Int, keys: Int, layers: [Int], heads: [Int], chosen: HeadIndex? = nil,
        structure: Structure? = nil, top: Int? = nil, weights: [Float]
    ) {
        (self.kind, self.queries, self.keys) = (kind, queries, keys)
        (self.layers, self.heads, self.chosen) = (layers, heads, chosen)
        (self.structure, self.top, self.weights) = (structure, top, weights)
    }
}
