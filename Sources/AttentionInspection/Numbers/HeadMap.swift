/// What every head of a model is like over some texts: how widely it spreads, how far it looks, and how much it rests at the first token.
public struct HeadMap: Sendable, Equatable {
    /// One head.
    public struct Point: Sendable, Equatable {
        /// The head, counted from 0.
        public let head: HeadIndex
        /// The mean over the tokens that look of H / ln K: 0 looks at one token, 1 at all alike.
        public let entropy: Double
        /// The mean of Σ_k α_qk |q − k|: how many tokens away it looks.
        public let distance: Double
        /// The mean of α_q1, what it gives to the first token.
        public let sinkShare: Double
    }

    /// The model.
    public let name: String
    /// Who looks at whom.
    public let kind: TracedAttention.Kind
    /// How many texts were read.
    public private(set) var textCount = 0
    private let layers: [Int]
    private let heads: [Int]
    /// The sums over the tokens that look, for each head.
    private var sums: [Sums]
    private var rowCount = 0

    private struct Sums: Equatable {
        var (entropy, distance, sinkShare) = (0.0, 0.0, 0.0)
    }

    /// The heads of one kind over a text.
    /// - Throws: `TraceError.noKind` if there is no such attention.
    public init(of kind: TracedAttention.Kind, in trace: ModelTrace) throws(TraceError) {
        let part = try trace.part(kind)
        (name, self.kind, layers, heads) = (trace.name, kind, part.layers, part.heads)
        sums = [Sums](repeating: Sums(), count: part.layers.count * part.heads.count)
        try add(trace)
    }

    /// One text more; every token that looks counts alike.
    /// - Throws: `TraceError` if it has no such attention, or other heads of it were looked into.
    public mutating func add(_ trace: ModelTrace) throws(TraceError) {
        let part = try trace.part(kind)
        guard part.layers == layers, part.heads == heads else {
            throw .otherTrace(expected: "the same heads of all texts", found: "others")
        }
        let map = try trace.map(of: kind)
        for (place, rows) in map.weights.joined().enumerated() {
            let matrix = AlignmentMatrix(unchecked: "", source: map.source, target: map.target, weights: rows)
            sums[place].entropy += matrix.normalizedEntropies.reduce(0, +)
            for (query, row) in rows.enumerated() {
                sums[place].sinkShare += Double(row.first ?? 0)
                sums[place].distance += row.enumerated().reduce(0) {
                    $0 + Double($1.element) * Double(abs(query - $1.offset))
                }
            }
        }
        textCount += 1
        rowCount += map.target.count
    }

    /// All heads, by layers.
    public var points: [Point] {
        let count = Double(max(1, rowCount))
        return sums.enumerated().map { place, sums in
            Point(
                head: HeadIndex(layer: layers[place / heads.count], head: heads[place % heads.count]),
                entropy: sums.entropy / count, distance: sums.distance / count, sinkShare: sums.sinkShare / count)
        }
    }

    /// What is shown, in words.
    public var title: String {
        [name, kind.rawValue, "heads over \(textCount) \(textCount == 1 ? "text" : "texts")"].filter { !$0.isEmpty }
            .joined(separator: ", ")
    }
}

extension HeadMap.Point {
    /// Layer and head, counted from 1.
    public var name: String { "\(head.layer + 1).\(head.head + 1)" }
}

extension HeadMap {
    /// All heads as a table.
    public var text: String {
        let rows = points.map { point in
            ([point.name] + [point.entropy, point.distance, point.sinkShare].map { $0.fixedDecimals(2) })
                .joined(separator: "\t") + "\n"
        }
        return title + "\n\nhead\tentropy\tdistance\tfirst token\n" + rows.joined()
    }

    /// All heads as JSON, layers and heads counted from 1, with a final newline.
    public var json: String {
        let rows = points.map { point in
            "    {\"layer\": \(point.head.layer + 1), \"head\": \(point.head.head + 1), "
                + "\"entropy\": \(point.entropy.significantDigits(6)), \"distance\": \(point.distance.significantDigits(6)), "
                + "\"sinkShare\": \(point.sinkShare.significantDigits(6))}"
        }
        return
            "{\n  \"name\": \(jsonText(name)),\n  \"kind\": \(jsonText(kind.rawValue)),\n  \"texts\": \(textCount),\n"
            + "  \"heads\": [\n" + rows.joined(separator: ",\n") + "\n  ]\n}\n"
    }
}
