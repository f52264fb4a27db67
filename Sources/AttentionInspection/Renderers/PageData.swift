/// What the page knows of a trace besides its numbers, as JSON that may stand inside a page.
struct PageData {
    let json: String

    /// - Parameters:
    ///   - reasons: why some heads look where they do.
    ///   - map: what heads are like over many texts, of which the trace is the first.
    ///   - replay: what the trace is the last moment of; its moments, and what its heads are called.
    init(_ trace: ModelTrace, _ reasons: [ScoreParts] = [], of replay: TraceReplay? = nil, map: HeadMap? = nil) {
        let sequences = trace.sequences.map { sequence in
            let followsSpace = sequence.followsSpace
            return object([
                ("name", jsonText(sequence.name)),
                ("labels", jsonArray(sequence.labels.map(\.visible), jsonText)),
                ("spaced", "\(followsSpace.indices.filter { followsSpace[$0] })"),
                ("words", jsonArray(sequence.words, jsonNumber)),
                ("wordTexts", jsonArray(sequence.wordTexts.map(\.visible), jsonText)),
                ("segments", jsonArray(sequence.segments, jsonNumber)), ("likely", Self.json(sequence.likely)),
                ("beam", sequence.beam.map { Self.json($0, of: sequence.pieces.count) } ?? "null"),
                ("picture", sequence.picture.map(Self.json) ?? "null"), ("omitted", "\(sequence.omittedCount)"),
            ])
        }
        let attention = trace.attention.map { part in
            object([
                ("kind", jsonText(part.kind.rawValue)), ("queries", "\(part.queries)"), ("keys", "\(part.keys)"),
                ("layers", "\(part.layers)"), ("heads", "\(part.heads)"),
                ("names", replay?.headNames.map { jsonArray($0) { jsonText($0) } } ?? "null"),
                ("structure", part.structure.map { jsonText($0.rawValue) } ?? "null"),
                ("chosen", part.chosen.map { "{\"layer\":\($0.layer),\"head\":\($0.head)}" } ?? "null"),
            ])
        }
        json =
            object([
                ("name", jsonText(trace.name)), ("sequences", "[" + sequences.joined(separator: ",\n") + "]"),
                ("attention", "[" + attention.joined(separator: ",\n") + "]"),
                ("reasons", "[" + reasons.map(Self.json).joined(separator: ",\n") + "]"),
                ("moments", "\(replay?.updates ?? [])"), ("map", map.map(Self.json) ?? "null"),
            ]) + "\n"
    }

    /// How many pieces a text has at most that is gone through step by step with all that is known of them.
    private static let writtenLimit = 512

    /// Pieces and their probabilities, for each place; nothing of long texts, whose page stays small.
    private static func json(_ likely: [[LikelyPiece]]) -> String {
        guard likely.count <= writtenLimit, likely.contains(where: { !$0.isEmpty }) else { return "[]" }
        return jsonArray(likely) {
            jsonArray($0) {
                "[\(jsonText(shown($0.piece, $0.text))),\(Double($0.probability).significantDigits(3))]"
            }
        }
    }

    /// What a piece adds to a text, a space before it included; where nobody knows, its spelling.
    private static func shown(_ piece: String, _ text: String?) -> String {
        text.flatMap { $0.isEmpty ? nil : $0.visible } ?? piece.visible
    }

    /// How many pieces stand before the beam's first, the places of the answer, and of each hypothesis of each step its parent, its piece,
    /// ln P and, if it ended, its score.
    private static func json(_ beam: TracedBeam, of pieceCount: Int) -> String {
        guard pieceCount <= writtenLimit else { return "null" }
        func number(_ value: Double) -> String { value.significantDigits(4) }
        let steps = jsonArray(beam.steps) { step in
            jsonArray(step) { hypothesis in
                // What is known by its spelling alone stands apart from its neighbours.
                let apart = hypothesis.text == nil ? " " : ""
                let piece = apart + shown(hypothesis.piece, hypothesis.text)
                return "[\(hypothesis.parent),\(jsonText(piece)),\(number(hypothesis.logProbability)),"
                    + "\(hypothesis.score.map(number) ?? "null")]"
            }
        }
        return object([("first", "\(beam.first)"), ("answer", "\(beam.answer)"), ("steps", steps)])
    }

    private static func json(_ picture: TracedPicture) -> String {
        object([
            ("png", jsonText(picture.png.base64)), ("width", "\(picture.width)"), ("height", "\(picture.height)"),
            ("rows", "\(picture.rowCount)"), ("columns", "\(picture.columnCount)"),
            ("order", jsonText(picture.rowOrder.rawValue)), ("seconds", picture.seconds.map { "\($0)" } ?? "null"),
        ])
    }

    /// Layer, head, entropy, distance and the share of the first token of each head, then the error rate and the agreement of its links, if known.
    private static func json(_ map: HeadMap) -> String {
        let points = map.points.map { point in
            let compared = point.alignment.map { [$0.rate.rate, $0.agreement] } ?? []
            let numbers = ([point.entropy, point.distance, point.sinkShare] + compared).map { $0.significantDigits(4) }
            return "[\(point.head.layer),\(point.head.head),\(numbers.joined(separator: ","))]"
        }
        return object([
            ("kind", jsonText(map.kind.rawValue)), ("texts", "\(map.textCount)"),
            ("points", "[" + points.joined(separator: ",") + "]"),
        ])
    }

    /// The sums of either side by groups, and the pairs of parts that matter most: few numbers, however deep the model is.
    private static func json(_ reasons: ScoreParts) -> String {
        func number(_ value: Float) -> String { Double(value).significantDigits(4) }
        let groups = reasons.grouped()
        let strongest = reasons.strongest(5).map { query, key, product in
            "[\(jsonText(reasons.parts[query].name)),\(jsonText(reasons.keyParts[key].name)),\(number(product))]"
        }
        return object([
            ("kind", jsonText(reasons.kind.rawValue)), ("layer", "\(reasons.head.layer)"),
            ("head", "\(reasons.head.head)"), ("query", "\(reasons.query)"), ("key", "\(reasons.key)"),
            ("score", number(reasons.score)), ("weight", number(reasons.weight)),
            ("parts", jsonArray(groups.parts) { jsonText($0.name) }),
            ("keyParts", jsonArray(groups.keyParts) { jsonText($0.name) }),
            ("ofQuery", jsonArray(groups.querySums, number)),
            ("ofKey", jsonArray(groups.keySums, number)), ("strongest", "[" + strongest.joined(separator: ",") + "]"),
        ])
    }
}

private func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
}

private func jsonNumber(_ number: Int?) -> String { number.map(String.init) ?? "null" }
