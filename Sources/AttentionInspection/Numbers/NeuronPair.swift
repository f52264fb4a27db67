/// How a head's score of one pair comes about, dimension by dimension: s = scale · Σ_d q_d k_d.
///
/// - Source: Vig (2019), *A Multiscale Visualization of Attention in the Transformer Model*, section 3.3.
public struct NeuronPair: Sendable, Equatable {
    /// What is shown: the model, the head, the words.
    public let title: String
    /// The query as it is compared, [D].
    public let query: [Float]
    /// The key as it is compared, [D].
    public let key: [Float]
    /// The factor of their inner product.
    public let scale: Float
    /// How much of its attention the one gives to the other.
    public let weight: Float

    /// A pair of these parts.
    /// - Throws: `AlignmentError` unless query and key have one size.
    public init(title: String, query: [Float], key: [Float], scale: Float, weight: Float) throws(AlignmentError) {
        guard query.count == key.count else {
            throw .count(
                operation: "neuron view", list: "dimensions of the key", expected: query.count, found: key.count)
        }
        (self.title, self.query, self.key, self.scale, self.weight) = (title, query, key, scale, weight)
    }

    /// scale · q_d k_d.
    public var products: [Float] { zip(query, key).map { scale * $0 * $1 } }

    /// Σ_d of them: what position and masks are added to, before attention is shared.
    public var score: Float { products.reduce(0, +) }
}

extension ModelTrace {
    /// The pieces of the words of a focus between which a head gives most, and how much that is.
    ///
    /// - Throws: `TraceError` if there is no such attention, head or word.
    package func greatestPair(
        of kind: TracedAttention.Kind, _ head: HeadIndex, _ focus: TraceFocus, _ grain: Grain
    ) throws(TraceError) -> (query: Int, key: Int, weight: Float) {
        let (part, map) = (try part(kind), try map(of: kind, grain))
        guard let layer = part.layers.firstIndex(of: head.layer), let place = part.heads.firstIndex(of: head.head)
        else {
            throw .outside(
                part: "head of \(kind.rawValue)", found: "\(head.layer + 1).\(head.head + 1)",
                limit: "among those that were looked into")
        }
        let places = try map.places(of: focus)
        let (rows, columns) = (groups(of: part.queries, grain), groups(of: part.keys, grain))
        let (height, width) = (queries(of: part).pieces.count, keys(of: part).pieces.count)
        let start = (layer * part.heads.count + place) * height * width
        let pairs = places.rows.flatMap { rows.pieces[$0] }.flatMap { query in
            places.columns.flatMap { columns.pieces[$0] }.map { (query, $0, part.weights[start + query * width + $0]) }
        }
        return pairs.max { $0.2 < $1.2 } ?? (0, 0, 0)
    }

    /// What is shown of a head and a pair of words, counted from 1.
    package func title(of head: HeadIndex, _ kind: TracedAttention.Kind, _ focus: TraceFocus) -> String {
        "\(name), \(kind.rawValue), layer \(head.layer + 1), head \(head.head + 1), from \"\(focus.word ?? "all")\" to "
            + "\"\(focus.target ?? "all")\""
    }
}
