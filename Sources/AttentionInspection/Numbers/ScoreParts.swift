/// Why a head looks where it looks: its score of one pair as a sum over what the query and what the key have read.
///
/// Both are sums of what has been written before, q = Σ_a q_a and k = Σ_b k_b, by the token's own vector, its position, the heads and feed-forward
/// networks of earlier layers, the biases. So the score is s = scale · Σ_a Σ_b ⟨q_a, k_b⟩, exactly.
///
/// - Source: Elhage et al. (2021), *A Mathematical Framework for Transformer Circuits*.
public struct ScoreParts: Sendable, Equatable {
    /// Who has written a part.
    public struct Part: Sendable, Hashable {
        /// What it is called: `token`, `head 2.3`.
        public let name: String
        /// What it belongs to: `token`, `attention 2`.
        public let group: String

        /// A part of this name.
        public init(name: String, group: String) { (self.name, self.group) = (name, group) }
    }

    /// What is shown: the model, the head, the words.
    public let title: String
    /// Who looks at whom.
    public let kind: TracedAttention.Kind
    /// The head, counted from 0.
    public let head: HeadIndex
    /// The piece that looks.
    public let query: Int
    /// The piece that is looked at.
    public let key: Int
    /// The parts of the query.
    public let parts: [Part]
    /// The parts of the key: those of the query where a text looks at itself, what has written the source where one looks at that.
    public let keyParts: [Part]
    /// scale · ⟨q_a, k_b⟩, [a][b].
    public let products: [[Float]]
    /// The score of the head: what masks and biases by distance are added to, before attention is shared.
    public let score: Float
    /// How much of its attention the one gives to the other.
    public let weight: Float

    /// The score of a pair by these parts.
    /// - Parameter keyParts: the parts of the key; those of the query if nil.
    /// - Throws: `AlignmentError` unless there is a product for each pair of parts.
    public init(
        title: String, kind: TracedAttention.Kind, head: HeadIndex, query: Int, key: Int, parts: [Part],
        keyParts: [Part]? = nil, products: [[Float]], score: Float, weight: Float
    ) throws(AlignmentError) {
        let keyParts = keyParts ?? parts
        let counts = [(parts.count, products.count)] + products.map { (keyParts.count, $0.count) }
        for (expected, found) in counts where found != expected {
            throw .count(
                operation: "score parts", list: "products, one for each part", expected: expected, found: found)
        }
        (self.title, self.kind, self.head, self.query, self.key) = (title, kind, head, query, key)
        (self.parts, self.keyParts, self.products) = (parts, keyParts, products)
        (self.score, self.weight) = (score, weight)
    }

    /// What each part of the query adds with all of the key.
    public var querySums: [Float] { products.map { $0.reduce(0, +) } }

    /// What each part of the key adds with all of the query.
    public var keySums: [Float] { keyParts.indices.map { key in products.reduce(0) { $0 + $1[key] } } }

    /// The pairs of parts that add most to the score or take most from it, the greatest first; of equals the first.
    public func strongest(_ count: Int) -> [(query: Int, key: Int, product: Float)] {
        let pairs = parts.indices.flatMap { query in keyParts.indices.map { (query, $0, products[query][$0]) } }
        let order = pairs.indices.sorted { (abs(pairs[$1].2), $0) < (abs(pairs[$0].2), $1) }
        return order.prefix(count).map { pairs[$0] }
    }

    /// The same with the heads of a layer as one part.
    public func grouped() -> ScoreParts {
        let (rows, columns) = (PartGroups(parts), PartGroups(keyParts))
        var sums = rows.parts.map { _ in [Float](repeating: 0, count: columns.parts.count) }
        for (query, row) in products.enumerated() {
            for (key, product) in row.enumerated() { sums[rows.places[query]][columns.places[key]] += product }
        }
        return ScoreParts(self, parts: rows.parts, keyParts: columns.parts, products: sums)
    }

    private init(_ whole: ScoreParts, parts: [Part], keyParts: [Part], products: [[Float]]) {
        (title, kind, head) = (whole.title, whole.kind, whole.head)
        (query, key, score, weight) = (whole.query, whole.key, whole.score, whole.weight)
        (self.parts, self.keyParts, self.products) = (parts, keyParts, products)
    }
}

/// The groups of parts, in the order in which they begin, and to which of them each part belongs.
private struct PartGroups {
    let parts: [ScoreParts.Part]
    let places: [Int]

    init(_ parts: [ScoreParts.Part]) {
        var names: [String] = []
        for part in parts where !names.contains(part.group) { names.append(part.group) }
        places = parts.map { names.firstIndex(of: $0.group) ?? 0 }
        self.parts = names.map { ScoreParts.Part(name: $0, group: $0) }
    }
}
