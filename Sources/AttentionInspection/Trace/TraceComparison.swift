/// How far the heads of a model have moved between two traces of the same texts.
public struct TraceComparison: Sendable, Equatable {
    /// What has become of one head.
    public struct HeadMove: Sendable, Equatable {
        /// Who looks at whom.
        public let kind: TracedAttention.Kind
        /// The layer and the head, counted from 1.
        public let layer: Int
        /// The head within its layer, counted from 1.
        public let head: Int
        /// The greatest change of a weight.
        public let change: Float
        /// The words of that weight: who looks, and at what.
        public let (query, key): (String, String)
        /// The weight before.
        public let before: Float
        /// The weight now.
        public let now: Float
        /// In how many rows the greatest weight stands elsewhere.
        public let turnedRowCount: Int
        /// How many rows there are.
        public let rowCount: Int
    }

    /// Every head, the one that has moved most first.
    public let moves: [HeadMove]

    /// Compares what a model does now with what it did.
    ///
    /// - Throws: `TraceError.otherTrace` if texts were cut into other pieces, or other heads were looked into.
    public init(of now: ModelTrace, with before: ModelTrace) throws(TraceError) {
        guard before.sequences.map(\.pieces) == now.sequences.map(\.pieces) else {
            throw .otherTrace(
                expected: "the pieces " + Self.pieces(of: before), found: Self.pieces(of: now))
        }
        var moves: [HeadMove] = []
        for part in before.attention {
            guard let other = now.attention.first(where: { $0.kind == part.kind }), other.layers == part.layers,
                other.heads == part.heads, other.weights.count == part.weights.count
            else {
                throw .otherTrace(
                    expected:
                        "\(part.kind.rawValue) attention of \(part.layers.count) layers of \(part.heads.count) heads",
                    found: "a model with other layers or heads")
            }
            let (queries, keys) = (before.queries(of: part).labels, before.keys(of: part).labels)
            let size = queries.count * keys.count
            for index in 0..<part.layers.count * part.heads.count {
                let range = index * size..<(index + 1) * size
                let place = range.max { first, second in
                    abs(part.weights[first] - other.weights[first]) < abs(part.weights[second] - other.weights[second])
                }
                guard let place, size > 0 else { continue }
                let rows = stride(from: range.lowerBound, to: range.upperBound, by: keys.count).map {
                    $0..<$0 + keys.count
                }
                let turned = rows.count { row in
                    row.max { part.weights[$0] < part.weights[$1] } != row.max { other.weights[$0] < other.weights[$1] }
                }
                moves.append(
                    HeadMove(
                        kind: part.kind, layer: part.layers[index / part.heads.count] + 1,
                        head: part.heads[index % part.heads.count] + 1,
                        change: abs(part.weights[place] - other.weights[place]),
                        query: queries[(place - range.lowerBound) / keys.count],
                        key: keys[(place - range.lowerBound) % keys.count], before: part.weights[place],
                        now: other.weights[place], turnedRowCount: turned, rowCount: rows.count))
            }
        }
        self.moves = moves.enumerated().sorted { ($1.element.change, $0.offset) < ($0.element.change, $1.offset) }
            .map(\.element)
    }

    private static func pieces(of trace: ModelTrace) -> String {
        trace.sequences.map { $0.pieces.joined(separator: " ") }.joined(separator: " | ")
    }
}
