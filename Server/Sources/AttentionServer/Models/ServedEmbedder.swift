public import Attention

/// A model that makes vectors of texts, kept open for all requests: one copy of its weights.
public struct ServedEmbedder: Sendable {
    /// What clients call it.
    public let name: String
    /// What computes.
    public let embedder: TextEmbedder
    let scheduler: Scheduler<EmbeddedPart, Encoding, [[Float]]>
    /// Texts that are looked into, one by one: what is kept of each grows with the square of its length.
    private let inspecting: Scheduler<AttentionSelection, Encoding, TaskRun.ObservedRow>

    /// Serves an embedder under a name.
    public init(_ name: String, _ embedder: TextEmbedder, limits: SchedulerSettings = SchedulerSettings()) {
        (self.name, self.embedder) = (name, embedder)
        scheduler = Scheduler(limits) { part, rows in
            var run = TaskRun()
            return try answers(to: rows, at: limits.precision) {
                switch part {
                case .texts: try embedder.embed($0, in: &run).map { [$0] }
                case .pieces: try embedder.pieceVectors($0, in: &run)
                }
            }
        }
        var single = limits
        (single.batchRows, single.batchWait, single.queuedRows) = (1, .zero, 64)
        inspecting = Scheduler(single) { selection, rows in
            var run = TaskRun(observing: selection)
            _ = try embedder.embed(rows, in: &run)
            return run.attentions
        }
    }

    /// Texts in pieces; with `cuts`, those that are longer than the model reads are cut, otherwise they are refused.
    func encode(_ texts: [String], prompt: String? = nil, cuts: Bool) throws(RouteError) -> [Encoding] {
        if let prompt, embedder.prompts[prompt] == nil {
            throw .unfit("prompt_name", expected: "one of \(embedder.prompts.keys.sorted())", found: "another")
        }
        return try fitting(cuts: cuts, limit: embedder.lengthLimit) { run throws(PretrainedError) in
            try embedder.encode(texts, prompt: prompt, in: &run)
        }
    }

    /// Rows of tokens as they are, special ones included.
    func encode(tokens: [[Int]], parameter: String) throws(RouteError) -> [Encoding] {
        var encodings: [Encoding] = []
        for row in tokens {
            guard row.count <= embedder.lengthLimit else {
                throw .tooManyTokens(row.count, limit: embedder.lengthLimit, parameter: parameter)
            }
            do { encodings.append(try embedder.encode(tokens: row)) } catch {
                throw .unfit(
                    parameter, expected: "tokens of the vocabulary, 0 to \(embedder.tokenizer.count - 1), at least one",
                    found: "others")
            }
        }
        return encodings
    }

    /// The vectors of these rows.
    func vectors(_ encodings: [Encoding], _ notes: RequestNotes) async throws -> [[Float]] {
        try await notes.answers(of: scheduler, encodings.map { ($0, $0.ids.count) }, kind: .texts).map { $0[0] }
    }

    /// The vectors of all pieces of these rows, special ones included.
    func pieceVectors(_ encodings: [Encoding], _ notes: RequestNotes) async throws -> [[[Float]]] {
        try await notes.answers(of: scheduler, encodings.map { ($0, $0.ids.count) }, kind: .pieces)
    }

    /// Where chosen heads look in a row.
    /// - Parameter limit: how many weights may be kept of it at most.
    func attention(
        _ encoding: Encoding, _ selection: AttentionSelection, limit: Int, _ notes: RequestNotes
    ) async throws -> TaskRun.ObservedRow {
        let length = encoding.ids.count
        let heads = (selection.layers?.count ?? 12) * (selection.heads?.count ?? 12)
        guard length * length * heads <= limit else {
            throw RouteError(
                .tooLong,
                "expected at most \(limit) weights, found \(length * length * heads); choose fewer layers or heads")
        }
        let rows = try await notes.answers(of: inspecting, [(encoding, length)], kind: selection)
        return rows[0]
    }
}

/// What has vectors.
enum EmbeddedPart: Hashable, Sendable {
    /// A text: one.
    case texts
    /// Each of its pieces.
    case pieces
}

/// Where all rows may be computed together.
struct NoKind: Hashable, Sendable {}

/// What `encode` makes of texts, with the refusal of one that is too long in words of the request.
func fitting<Result>(
    cuts: Bool, limit: Int, _ encode: (inout TaskRun) throws(PretrainedError) -> Result
) throws(RouteError) -> Result {
    var run = TaskRun(longTexts: cuts ? .cut : .refused)
    do { return try encode(&run) } catch {
        if case .tooLong(_, let pieces, let limit) = error {
            throw .tooManyTokens(pieces, limit: limit, parameter: nil)
        }
        throw RouteError(error)
    }
}

extension RouteError {
    static func tooManyTokens(_ found: Int, limit: Int, parameter: String?) -> RouteError {
        RouteError(
            .tooLong, "expected at most \(limit) tokens in a text, found \(found); shorten it, or let it be cut",
            parameter: parameter)
    }
}
