/// What the page knows of a trace besides its numbers, as JSON that may stand inside a page.
struct PageData {
    let json: String

    init(_ trace: ModelTrace) {
        let sequences = trace.sequences.map { sequence in
            object([
                ("name", jsonText(sequence.name)),
                ("labels", jsonArray(sequence.labels.map(\.visible), jsonText)),
                ("words", jsonArray(sequence.words, jsonNumber)),
                ("wordTexts", jsonArray(sequence.wordTexts.map(\.visible), jsonText)),
                ("segments", jsonArray(sequence.segments, jsonNumber)),
            ])
        }
        let attention = trace.attention.map { part in
            object([
                ("kind", jsonText(part.kind.rawValue)), ("queries", "\(part.queries)"), ("keys", "\(part.keys)"),
                ("layers", "\(part.layers)"), ("heads", "\(part.heads)"),
                ("chosen", part.chosen.map { "{\"layer\":\($0.layer),\"head\":\($0.head)}" } ?? "null"),
            ])
        }
        json =
            object([
                ("name", jsonText(trace.name)), ("sequences", "[" + sequences.joined(separator: ",\n") + "]"),
                ("attention", "[" + attention.joined(separator: ",\n") + "]"),
            ]) + "\n"
    }
}

private func object(_ members: [(String, String)]) -> String {
    "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
}

private func jsonNumber(_ number: Int?) -> String { number.map(String.init) ?? "null" }
