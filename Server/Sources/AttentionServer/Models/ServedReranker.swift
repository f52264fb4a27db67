public import Attention

/// A model that says how well documents answer a query, kept open for all requests.
public struct ServedReranker: Sendable {
    /// What clients call it.
    public let name: String
    /// What computes.
    public let reranker: Reranker
    let scheduler: Scheduler<NoKind, Encoding, Float>

    /// Serves a reranker under a name.
    public init(_ name: String, _ reranker: Reranker, limits: SchedulerSettings = SchedulerSettings()) {
        (self.name, self.reranker) = (name, reranker)
        scheduler = Scheduler(limits) { _, rows in
            var run = TaskRun()
            return try answers(to: rows, at: limits.precision) { try reranker.rawScores(of: $0, in: &run) }
        }
    }

    /// The score of each document, in their order.
    func scores(
        _ query: String, _ documents: [String], raw: Bool, cuts: Bool, _ notes: RequestNotes
    ) async throws -> [Float] {
        let encodings = try fitting(cuts: cuts, limit: reranker.lengthLimit) { run throws(PretrainedError) in
            try reranker.encode(query, documents, in: &run)
        }
        let found = try await notes.answers(of: scheduler, encodings.map { ($0, $0.ids.count) }, kind: NoKind())
        return raw ? found : reranker.scores(found)
    }
}
