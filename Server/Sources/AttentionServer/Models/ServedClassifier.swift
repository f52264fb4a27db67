public import Attention

/// A model that tells classes of texts or pairs of texts, kept open for all requests.
public struct ServedClassifier: Sendable {
    /// What clients call it.
    public let name: String
    /// What computes.
    public let classifier: TextClassifier
    let scheduler: Scheduler<NoKind, Encoding, [Float]>

    /// Serves a classifier under a name.
    public init(_ name: String, _ classifier: TextClassifier, limits: SchedulerSettings = SchedulerSettings()) {
        (self.name, self.classifier) = (name, classifier)
        scheduler = Scheduler(limits) { _, rows in
            var run = TaskRun()
            return try answers(to: rows, at: limits.precision) { try classifier.scores(of: $0, in: &run) }
        }
    }

    /// The classes of each input, the likeliest first.
    func classes(_ inputs: [EncodingInput], cuts: Bool, _ notes: RequestNotes) async throws -> [[ScoredLabel]] {
        let encodings = try fitting(cuts: cuts, limit: classifier.lengthLimit) { run throws(PretrainedError) in
            try classifier.encode(inputs, in: &run)
        }
        let scores = try await notes.answers(
            of: scheduler, encodings.map { ($0, $0.ids.count) }, kind: NoKind())
        return scores.map { scores in
            zip(classifier.labels, scores).map { ScoredLabel(label: $0, score: $1) }.sorted { $0.score > $1.score }
        }
    }
}
