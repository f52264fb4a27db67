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
        /// How well it aligns words; nil where nobody has compared it.
        public let alignment: Alignment?
    }

    /// How well a head aligns the words of translations.
    public struct Alignment: Sendable, Equatable {
        /// How far its links are from those it was compared with.
        public let rate: AlignmentErrorRate
        /// How surely it leads back to where one started, which needs nobody's links.
        public let agreement: Double

        /// A rate and an agreement.
        public init(_ rate: AlignmentErrorRate, agreement: Double) { (self.rate, self.agreement) = (rate, agreement) }
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
    private var alignments: [HeadIndex: Alignment] = [:]

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

    /// The same with how well heads align words.
    public func comparing(_ alignments: [HeadIndex: Alignment]) -> HeadMap {
        var copy = self
        copy.alignments = alignments
        return copy
    }

    /// All heads, by layers.
    public var points: [Point] {
        let count = Double(max(1, rowCount))
        return sums.enumerated().map { place, sums in
            let head = HeadIndex(layer: layers[place / heads.count], head: heads[place % heads.count])
            return Point(
                head: head, entropy: sums.entropy / count, distance: sums.distance / count,
                sinkShare: sums.sinkShare / count, alignment: alignments[head])
        }
    }

    /// Whether heads were compared with alignments.
    var isCompared: Bool { !alignments.isEmpty }

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
            let compared = point.alignment.map { [$0.rate.rate, $0.agreement] } ?? []
            return
                ([point.name]
                + ([point.entropy, point.distance, point.sinkShare] + compared).map { $0.fixedDecimals(2) })
                .joined(separator: "\t") + "\n"
        }
        return title + "\n\nhead\tentropy\tdistance\tfirst token" + (isCompared ? "\tAER\tagreement\n" : "\n")
            + rows.joined()
    }

    /// All heads as JSON, layers and heads counted from 1, with a final newline.
    public var json: String {
        let rows = points.map { point in
            "    {\"layer\": \(point.head.layer + 1), \"head\": \(point.head.head + 1), "
                + "\"entropy\": \(point.entropy.significantDigits(6)), \"distance\": \(point.distance.significantDigits(6)), "
                + "\"sinkShare\": \(point.sinkShare.significantDigits(6))"
                + (point.alignment.map {
                    ", \"alignmentErrorRate\": \($0.rate.rate.significantDigits(6)), "
                        + "\"agreement\": \($0.agreement.significantDigits(6))"
                } ?? "") + "}"
        }
        return
            "{\n  \"name\": \(jsonText(name)),\n  \"kind\": \(jsonText(kind.rawValue)),\n  \"texts\": \(textCount),\n"
            + "  \"heads\": [\n" + rows.joined(separator: ",\n") + "\n  ]\n}\n"
    }
}
